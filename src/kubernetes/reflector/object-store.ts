import { isDeepStrictEqual } from 'node:util';
import { type Identity, identityKey, identityOf } from '../../api/identity.ts';
import type { ApiObject, ObjectEvent } from '../../api/objects.ts';
import type { Snapshot } from './snapshot.ts';

/** The last good version of every object of a kind: what has been given out. */
export class ObjectStore {
  #objects: Map<string, ApiObject> = new Map();

  /** The events that make an empty table this one. */
  puts(): ObjectEvent[] {
    return Array.from(this.#objects.values(), (object) => ({ type: 'put', object }));
  }

  put(object: ApiObject): ObjectEvent {
    this.#objects.set(identityKey(identityOf(object)), object);
    return { type: 'put', object };
  }

  /** Nothing if the object is not there. */
  delete(identity: Identity): ObjectEvent[] {
    return this.#objects.delete(identityKey(identity)) ? [{ type: 'delete', ...identity }] : [];
  }

  /** Becomes what a list says; only the differences are events. What is unreadable in the list stays as it was. */
  replace(snapshot: Snapshot): ObjectEvent[] {
    const events: ObjectEvent[] = [];
    for (const [key, object] of this.#objects) {
      if (snapshot.objects.has(key)) continue;
      if (snapshot.mayHave(key)) snapshot.objects.set(key, object);
      else events.push({ type: 'delete', ...identityOf(object) });
    }
    for (const [key, object] of snapshot.objects) {
      const known = this.#objects.get(key);
      if (!isDeepStrictEqual(known, object)) events.push({ type: 'put', object });
      // Who keeps the old one shares its memory.
      else if (known !== undefined) snapshot.objects.set(key, known);
    }
    this.#objects = snapshot.objects;
    return events;
  }
}
