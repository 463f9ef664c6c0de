import type { Status } from '../errors.ts';
import type { KubeObject } from '../objects.ts';
import type { Column, Resource } from '../resources/resource.ts';
import type { ChangeType } from '../storage/change.ts';
import type { Codec, ListMeta } from './codec.ts';

/** What of the object each row carries: query parameter `includeObject`. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Tables of meta.k8s.io/v1 in JSON, which is what `kubectl get` prints. Ages are those of the moment, so nothing is remembered. */
export class TableCodec implements Codec {
  readonly mediaType = 'application/json';
  readonly streamType = 'application/json';
  readonly #resource: Resource;
  readonly #include: IncludeObject;
  readonly #now: () => number;

  constructor(resource: Resource, include: IncludeObject, now: () => number) {
    this.#resource = resource;
    this.#include = include;
    this.#now = now;
  }

  object(object: KubeObject): Uint8Array {
    return line(this.#table([object], { resourceVersion: object.metadata.resourceVersion ?? '' }));
  }

  list(objects: readonly KubeObject[], metadata: ListMeta): Uint8Array {
    return line(this.#table(objects, metadata));
  }

  /** The real server gives the columns with each event; kubectl reads those of the first. */
  frame(type: ChangeType, object: KubeObject): Uint8Array {
    return line({
      type,
      object: this.#table([object], { resourceVersion: object.metadata.resourceVersion ?? '' }),
    });
  }

  bookmark(version: string): Uint8Array {
    return line({ type: 'BOOKMARK', object: this.#table([], { resourceVersion: version }) });
  }

  status(status: Status): Uint8Array {
    return line(status);
  }

  errorFrame(status: Status): Uint8Array {
    return line({ type: 'ERROR', object: status });
  }

  #table(objects: readonly KubeObject[], metadata: ListMeta): object {
    return {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      columnDefinitions: this.#resource.columns.map(definition),
      rows: objects.map((object) => this.#row(object)),
    };
  }

  #row(object: KubeObject): object {
    const now = this.#now();
    const cells = this.#resource.columns.map((column) => column.cell(object, now));
    if (this.#include === 'None') return { cells };
    if (this.#include === 'Object')
      return { cells, object: this.#resource.view?.fromStored(object) ?? object };
    const partial = {
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: object.metadata,
    };
    return { cells, object: partial };
  }
}

function definition({ name, type, format, priority = 0 }: Column): object {
  return { name, type, format: format ?? '', description: '', priority };
}

function line(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
