import { isDeepStrictEqual } from 'node:util';
import { conflict, invalid, notFound } from '../errors.ts';
import { type JsonObject, type KubeObject, keyOf, type ObjectMeta } from '../objects.ts';
import { type Resource, storedIn } from '../resources/resource.ts';
import { resourceOf } from '../resources/resources.ts';
import type { StoreContext, WriteOptions } from './context.ts';
import { validateLabels } from './names.ts';
import { readObject } from './read-object.ts';

/** Replaces an object and returns the new version, or the old one if nothing changes. */
export function updateObject(
  context: StoreContext,
  resource: Resource,
  body: unknown,
  options: WriteOptions,
): KubeObject {
  const read = readObject(resource, body, options);
  const object = resource.view?.toStored(read) ?? read;
  const stored = resourceOf(storedIn(resource));
  const key = keyOf(object.metadata.namespace, object.metadata.name);
  const live = context.storage.collection(stored.id).objects.get(key);
  if (live === undefined) throw notFound(stored, object.metadata.name);
  checkPreconditions(stored, object.metadata, live);
  const next = merged(stored, object, live, options);
  judge(context, stored, next, live);
  if (isDeepStrictEqual(next, live)) return live;
  countGeneration(stored, next, live);
  if (options.isDryRun) return next;
  return isFinished(next)
    ? (context.storage.remove(stored.id, key) ?? live)
    : context.storage.put(stored.id, key, next);
}

/** The version and the uid that the writer has seen, where it says so. */
export function checkPreconditions(
  resource: Resource,
  { resourceVersion, uid }: { resourceVersion?: string | undefined; uid?: string | undefined },
  live: KubeObject,
): void {
  const { metadata } = live;
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw conflict(resource, metadata.name);
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
    throw conflict(resource, metadata.name, why);
  }
}

function merged(resource: Resource, object: KubeObject, live: KubeObject, options: WriteOptions): KubeObject {
  if (options.subresource === 'status') {
    return {
      ...structuredClone(live),
      status: object['status'] ?? {},
      metadata: updatedMetadata(object.metadata, live.metadata),
    };
  }
  const next: KubeObject = { ...object, metadata: updatedMetadata(object.metadata, live.metadata) };
  // In-process callers write spec and status at once; without a status they leave it as it is.
  const isStatusKept = resource.hasStatus && (options.isFromClient || object['status'] === undefined);
  return isStatusKept ? withStatusOf(next, live) : next;
}

function withStatusOf(object: KubeObject, live: KubeObject): KubeObject {
  const { status: _status, ...rest } = object as KubeObject & JsonObject;
  return live['status'] === undefined
    ? (rest as KubeObject)
    : ({ ...rest, metadata: object.metadata, status: live['status'] } as KubeObject);
}

/** What the server alone writes stays as it is. */
function updatedMetadata(metadata: ObjectMeta, live: ObjectMeta): ObjectMeta {
  const { labels, annotations, ownerReferences, finalizers, managedFields, ...fixed } = live;
  const {
    labels: l,
    annotations: a,
    ownerReferences: o,
    finalizers: f,
    managedFields: m = managedFields,
  } = metadata;
  return {
    ...fixed,
    name: live.name,
    ...(l === undefined ? {} : { labels: l }),
    ...(a === undefined ? {} : { annotations: a }),
    ...(o === undefined ? {} : { ownerReferences: o }),
    ...(f === undefined ? {} : { finalizers: f }),
    ...(m === undefined ? {} : { managedFields: m }),
  };
}

function judge(context: StoreContext, resource: Resource, next: KubeObject, live: KubeObject): void {
  const labelErrors = validateLabels(next.metadata.labels ?? {});
  const errors = labelErrors.length > 0 ? labelErrors : (resource.admit?.(next, live, context.cluster) ?? []);
  if (errors.length > 0) throw invalid(resource, next.metadata.name, errors);
}

/** Counts changes of what is wanted: neither metadata nor status. */
function countGeneration(resource: Resource, next: KubeObject, live: KubeObject): void {
  if (!resource.hasGeneration) return;
  const wanted = ({ metadata: _metadata, status: _status, ...rest }: JsonObject): JsonObject => rest;
  if (!isDeepStrictEqual(wanted(next), wanted(live)))
    next.metadata.generation = (live.metadata.generation ?? 0) + 1;
}

/** Deleted, and the last finalizer is gone. Pods go by their grace period, which the deletion watches over. */
function isFinished({ kind, metadata }: KubeObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0 && kind !== 'Pod'
  );
}
