/**
 * Versions of objects in memory: one counter for all resources, as etcd has. Comes in: whole objects that someone else
 * has judged. Goes out: changes, in order. It never looks into an object beyond its resourceVersion.
 */
import type { KubeObject } from '../objects.ts';
import { Change, type ChangeType, withVersion } from './change.ts';
import { Collection } from './collection.ts';
import type { Journal } from './journal.ts';

export interface StorageOptions {
  /** The resourceVersion before the first change. */
  readonly firstVersion: number;
  /** Changes of a resource that stay watchable. */
  readonly historyLimit: number;
  readonly journal?: Journal | undefined;
}

export class Storage {
  #version: number;
  readonly #historyLimit: number;
  readonly #journal: Journal | undefined;
  readonly #collections = new Map<string, Collection>();

  constructor({ firstVersion, historyLimit, journal }: StorageOptions) {
    const saved = journal?.load();
    this.#version = Math.max(firstVersion, saved?.version ?? 0);
    this.#historyLimit = historyLimit;
    this.#journal = journal;
    for (const { resource, key, object } of saved?.objects ?? [])
      this.collection(resource).place(key, object);
  }

  /** The version of the last change of any resource. */
  get version(): number {
    return this.#version;
  }

  /** The collection of a resource, empty if nothing was ever stored in it. */
  collection(resource: string): Collection {
    let collection = this.#collections.get(resource);
    if (collection === undefined) {
      collection = new Collection(this.#historyLimit, this.#version);
      this.#collections.set(resource, collection);
    }
    return collection;
  }

  /** Commits a new version of an object, stamped with its resourceVersion. The storage keeps the object that it is given. */
  put(resource: string, key: string, object: KubeObject): KubeObject {
    const collection = this.collection(resource);
    const previous = collection.objects.get(key);
    object.metadata.resourceVersion = String(++this.#version);
    this.#commit(resource, key, previous === undefined ? 'ADDED' : 'MODIFIED', object, previous);
    return object;
  }

  /** Commits the end of an object and returns its last state, or undefined if there is none. */
  remove(resource: string, key: string): KubeObject | undefined {
    const previous = this.collection(resource).objects.get(key);
    if (previous === undefined) return undefined;
    const last = withVersion(previous, ++this.#version);
    this.#commit(resource, key, 'DELETED', last, previous);
    return last;
  }

  /** Forgets the history of all resources: watches that ask for older versions get 410. */
  compact(): void {
    for (const collection of this.#collections.values()) collection.history.compact(this.#version);
  }

  close(): void {
    this.#journal?.close();
  }

  #commit(resource: string, key: string, type: ChangeType, object: KubeObject, previous?: KubeObject): void {
    const collection = this.collection(resource);
    const stored = type === 'DELETED' ? undefined : object;
    collection.place(key, stored);
    this.#journal?.append({ version: this.#version, resource, key, object: stored });
    collection.tell(new Change(type, key, object, previous, this.#version));
  }
}
