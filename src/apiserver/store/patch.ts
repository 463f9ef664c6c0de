/** Patches of all kinds, down to an update (or a creation, by server-side apply). */

import { serverSideApply } from '../apply/server-side-apply.ts';
import { badRequest, notFound } from '../errors.ts';
import { isObject, type JsonObject, type KubeObject, keyOf, timestamp, valueAt } from '../objects.ts';
import { jsonPatch } from '../patch/json-patch.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { strategicMerge } from '../patch/strategic-merge.ts';
import { type Resource, storedIn } from '../resources/resource.ts';
import type { ObjectRef, StoreContext, WriteOptions } from './context.ts';
import { createObject } from './create.ts';
import { updateObject } from './update.ts';

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface PatchRequest {
  readonly type: PatchType;
  readonly body: unknown;
  /** Of server-side apply. */
  readonly fieldManager?: string | undefined;
  readonly isForced?: boolean;
}

export interface Patched {
  readonly object: KubeObject;
  readonly isCreated: boolean;
}

export function patchObject(
  context: StoreContext,
  resource: Resource,
  ref: ObjectRef,
  request: PatchRequest,
  options: WriteOptions,
): Patched {
  const key = keyOf(ref.namespace, ref.name);
  const stored = context.storage.collection(storedIn(resource)).objects.get(key);
  const live = stored === undefined ? undefined : (resource.view?.fromStored(stored) ?? stored);
  if (request.type === 'apply') return applyObject(context, resource, ref, live, request, options);
  if (live === undefined) throw notFound(resource, ref.name);
  const patched = patchedValue(resource, live, request);
  keepIdentity(patched, live, ref);
  return { object: updateObject(context, resource, patched, options), isCreated: false };
}

function patchedValue(resource: Resource, live: KubeObject, { type, body }: PatchRequest): JsonObject {
  if (type === 'json') return jsonPatch(live, body);
  if (!isObject(body)) throw badRequest('error decoding patch: it is no object');
  return type === 'merge' ? mergePatch(live, body) : strategicMerge(resource.schema, live, body);
}

/** A patch may not rename. The version in it, if there is one, is a precondition; otherwise the patch goes on any version. */
function keepIdentity(patched: JsonObject, live: KubeObject, ref: ObjectRef): void {
  const metadata = isObject(patched['metadata']) ? patched['metadata'] : {};
  if (metadata['name'] !== live.metadata.name || metadata['namespace'] !== live.metadata.namespace) {
    throw badRequest(
      `the name of the object (${String(metadata['name'])}) does not match the name on the URL (${ref.name})`,
    );
  }
}

function applyObject(
  context: StoreContext,
  resource: Resource,
  ref: ObjectRef,
  live: KubeObject | undefined,
  request: PatchRequest,
  options: WriteOptions,
): Patched {
  const { fieldManager: manager, body } = request;
  if (manager === undefined) throw badRequest('fieldManager: Required value: is required for apply patch');
  const applied = identified(resource, ref, body);
  const object = serverSideApply(resource.schema, live, {
    manager,
    applied,
    isForced: request.isForced ?? false,
    time: live === undefined ? timestamp(context.cluster.now()) : timeOf(live, manager, applied, context),
    subresource: options.subresource,
  });
  if (live !== undefined)
    return { object: updateObject(context, resource, object, options), isCreated: false };
  return { object: createObject(context, resource, object, options), isCreated: true };
}

function identified(resource: Resource, ref: ObjectRef, body: unknown): JsonObject {
  if (!isObject(body)) throw badRequest('error decoding YAML: the body is no object');
  const metadata = isObject(body['metadata']) ? body['metadata'] : {};
  if (metadata['name'] !== undefined && metadata['name'] !== ref.name)
    throw badRequest('the name of the object does not match the name on the URL');
  const namespace = resource.isNamespaced ? { namespace: ref.namespace } : {};
  return { ...body, metadata: { ...metadata, name: ref.name, ...namespace } };
}

/** Applying the same again must change nothing, hence not the time either. */
function timeOf(live: KubeObject, manager: string, applied: JsonObject, { cluster }: StoreContext): string {
  const entry = live.metadata.managedFields?.find((it) => it.manager === manager && it.operation === 'Apply');
  const isSame = Object.keys(applied).every(
    (name) => name === 'metadata' || contains(live[name], applied[name]),
  );
  return isSame && entry?.time !== undefined ? entry.time : timestamp(cluster.now());
}

function contains(live: unknown, applied: unknown): boolean {
  if (!isObject(applied)) return JSON.stringify(live) === JSON.stringify(applied);
  return Object.entries(applied).every(([name, value]) => contains(valueAt(live, name), value));
}
