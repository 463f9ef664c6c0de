import type { KubeObject } from '../objects.ts';
import type { Change } from './change.ts';
import { History } from './history.ts';

export type ChangeListener = (change: Change) => void;

/** The objects of one resource by key, their history, and who wants to hear of changes. Only {@link Storage} writes. */
export class Collection {
  readonly objects = new Map<string, KubeObject>();
  readonly history: History;
  readonly listeners = new Set<ChangeListener>();
  #sortedKeys: readonly string[] | undefined;

  constructor(historyLimit: number, version: number) {
    this.history = new History(historyLimit, version);
  }

  /** All objects in the order of their keys, which is the order of lists. */
  sorted(): KubeObject[] {
    this.#sortedKeys ??= [...this.objects.keys()].sort();
    return this.#sortedKeys.flatMap((key) => this.objects.get(key) ?? []);
  }

  /** The objects as they were at a version, by key, or undefined if that is forgotten. */
  at(version: number): Map<string, KubeObject> | undefined {
    const changes = this.history.since(version);
    if (changes === undefined) return undefined;
    const objects = new Map(this.objects);
    for (const { key, previous } of changes.toReversed()) {
      if (previous === undefined) objects.delete(key);
      else objects.set(key, previous);
    }
    return objects;
  }

  /** Puts an object in place, or takes it out, without a change being told. */
  place(key: string, object: KubeObject | undefined): void {
    const isOther = this.objects.has(key) !== (object !== undefined);
    if (object === undefined) this.objects.delete(key);
    else this.objects.set(key, object);
    if (isOther) this.#sortedKeys = undefined;
  }

  tell(change: Change): void {
    this.history.add(change);
    for (const listener of this.listeners) listener(change);
  }
}
