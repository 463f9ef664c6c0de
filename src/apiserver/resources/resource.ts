import type { FieldError } from '../field-error.ts';
import type { KubeObject } from '../objects.ts';
import type { Message } from '../schema/schema.ts';
import type { Cluster } from '../store/cluster.ts';

/** A column of `kubectl get`. Priority 1 shows with `-o wide` only. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer';
  readonly format?: 'name';
  readonly priority?: 0 | 1;
  readonly cell: (object: KubeObject, now: number) => string | number;
}

/** The same objects under another group, in another shape (events.k8s.io). */
export interface View {
  /** The id of the resource that holds the objects. */
  readonly of: string;
  readonly toStored: (object: KubeObject) => KubeObject;
  readonly fromStored: (object: KubeObject) => KubeObject;
}

/** All that the server knows of a kind. The table of them is in `resources.ts`. */
export interface Resource {
  /** `services`; `events.events.k8s.io` where the plural alone is taken. */
  readonly id: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly isNamespaced: boolean;
  /** Has the subresource `status`, which alone writes the field `status`. */
  readonly hasStatus: boolean;
  /** Counts changes of anything but metadata and status in `metadata.generation`. */
  readonly hasGeneration: boolean;
  readonly hasProtobuf: boolean;
  readonly schema: Message;
  /** How bodies in protobuf are read where {@link schema} has none. Answers are JSON all the same. */
  readonly bodyMessage?: Message;
  /** Fields of field selectors beyond metadata.name and metadata.namespace. */
  readonly selectableFields: readonly string[];
  readonly columns: readonly Column[];
  readonly view?: View;
  /**
   * Defaults, allocates and judges an object that is about to be stored; `old` is the version that it replaces. It may
   * change `object`; the fields at fault become a 422.
   */
  readonly admit?: (
    object: KubeObject,
    old: KubeObject | undefined,
    cluster: Cluster,
  ) => readonly FieldError[];
}

type Required = 'group' | 'version' | 'kind' | 'plural' | 'schema' | 'columns';

/** Declares a resource; what is left out is as most are. */
export function resource(declared: Pick<Resource, Required> & Partial<Resource>): Resource {
  return {
    id: declared.plural,
    singular: declared.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    isNamespaced: true,
    hasStatus: false,
    hasGeneration: false,
    hasProtobuf: false,
    selectableFields: [],
    ...declared,
  };
}

/** `v1`, `discovery.k8s.io/v1` */
export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The id of the resource that holds the objects. */
export function storedIn(resource: Resource): string {
  return resource.view?.of ?? resource.id;
}
