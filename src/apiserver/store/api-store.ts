/**
 * The API server's objects for callers in the same process: the verbs with all their checks, defaults and allocations,
 * without HTTP. Objects that come back are versions in store: read them, do not change them.
 */
import { notFound } from '../errors.ts';
import { type KubeObject, keyOf } from '../objects.ts';
import { type Resource, storedIn } from '../resources/resource.ts';
import { resourceOf } from '../resources/resources.ts';
import type { ChangeListener } from '../storage/collection.ts';
import type { ObjectRef, StoreContext, WriteOptions } from './context.ts';
import { createObject } from './create.ts';
import { awaitGrace, type DeleteOptions, type Deletion, deleteObject } from './delete.ts';
import { type Patched, type PatchRequest, patchObject } from './patch.ts';
import { updateObject } from './update.ts';

/** A resource, or its id: `services`, `endpointslices`, `nodes`. */
export type ResourceId = Resource | string;

export class ApiStore {
  readonly #context: StoreContext;

  constructor(context: StoreContext) {
    this.#context = context;
    for (const [key, pod] of context.storage.collection('pods').objects) awaitGrace(context, key, pod);
  }

  /** The version of the last change. */
  get resourceVersion(): string {
    return String(this.#context.storage.version);
  }

  /** Stores a new object. Throws an ApiError where the real server would refuse it. */
  create(resource: ResourceId, object: unknown, options: WriteOptions = {}): KubeObject {
    return createObject(this.#context, resolve(resource), object, options);
  }

  /** The object, or undefined. */
  find(resource: ResourceId, { name, namespace }: ObjectRef): KubeObject | undefined {
    return this.#context.storage.collection(storedIn(resolve(resource))).objects.get(keyOf(namespace, name));
  }

  /** The object. Throws 404. */
  get(resource: ResourceId, ref: ObjectRef): KubeObject {
    const found = this.find(resource, ref);
    if (found === undefined) throw notFound(resolve(resource), ref.name);
    return found;
  }

  /** All objects in the order of namespace and name. */
  list(resource: ResourceId, namespace?: string): KubeObject[] {
    const all = this.#context.storage.collection(storedIn(resolve(resource))).sorted();
    return namespace === undefined ? all : all.filter((it) => it.metadata.namespace === namespace);
  }

  /** Replaces an object; its resourceVersion, if it has one, must be the current one. */
  update(resource: ResourceId, object: unknown, options: WriteOptions = {}): KubeObject {
    return updateObject(this.#context, resolve(resource), object, options);
  }

  patch(resource: ResourceId, ref: ObjectRef, request: PatchRequest, options: WriteOptions = {}): Patched {
    return patchObject(this.#context, resolve(resource), ref, request, options);
  }

  /** Deletes an object, or marks it if it has finalizers or a grace period. Throws 404. */
  delete(resource: ResourceId, ref: ObjectRef, options: DeleteOptions = {}): Deletion {
    return deleteObject(this.#context, resolve(resource), ref, options);
  }

  /** Calls back at each change of a resource, within the call that makes it. Returns the function that ends this. */
  onChange(resource: ResourceId, listener: ChangeListener): () => void {
    const { listeners } = this.#context.storage.collection(storedIn(resolve(resource)));
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
}

function resolve(resource: ResourceId): Resource {
  return typeof resource === 'string' ? resourceOf(resource) : resource;
}
