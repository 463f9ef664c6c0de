import type { KubeObject } from '../objects.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One committed change of one object. */
export class Change {
  readonly type: ChangeType;
  readonly key: string;
  /** The new state; of a deletion the last state, with the version of the deletion. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  readonly version: number;
  #departed: KubeObject | undefined;

  constructor(
    type: ChangeType,
    key: string,
    object: KubeObject,
    previous: KubeObject | undefined,
    version: number,
  ) {
    this.type = type;
    this.key = key;
    this.object = object;
    this.previous = previous;
    this.version = version;
  }

  /**
   * What a watcher is told whose selector no longer matches: the state before, with the version of the change. One object
   * for all watchers, so that it is encoded once.
   */
  get departed(): KubeObject {
    this.#departed ??= withVersion(this.previous ?? this.object, this.version);
    return this.#departed;
  }
}

/** A copy of an object that says another resourceVersion; everything else is shared. */
export function withVersion(object: KubeObject, version: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
}
