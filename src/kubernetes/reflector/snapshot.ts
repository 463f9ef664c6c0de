import { type Identity, identityKey, identityOf } from '../../api/identity.ts';
import type { ApiObject } from '../../api/objects.ts';

/** All objects of a kind, as a list or the initial events of a watch tell them one by one. */
export class Snapshot {
  readonly objects: Map<string, ApiObject> = new Map();
  readonly #unreadable = new Set<string>();
  #hasNameless = false;

  put(object: ApiObject): void {
    const key = identityKey(identityOf(object));
    this.objects.set(key, object);
    this.#unreadable.delete(key);
  }

  /** There is an object that cannot be read; without identity, it is unknown which. */
  putUnreadable(identity: Identity | undefined): void {
    if (identity === undefined) {
      this.#hasNameless = true;
      return;
    }
    const key = identityKey(identity);
    this.#unreadable.add(key);
    this.objects.delete(key);
  }

  delete(identity: Identity): void {
    const key = identityKey(identity);
    this.objects.delete(key);
    this.#unreadable.delete(key);
  }

  /** Whether an object that is not in {@link objects} may exist all the same: then it must not be deleted. */
  mayHave(key: string): boolean {
    return this.#hasNameless || this.#unreadable.has(key);
  }
}
