/** Deletion: at once, or by finalizers and grace periods. There is no kubelet: when a pod's grace is over, it is gone. */
import { notFound } from '../errors.ts';
import { type KubeObject, keyOf, timestamp, valueAt } from '../objects.ts';
import { type Resource, storedIn } from '../resources/resource.ts';
import { RESOURCES, resourceOf } from '../resources/resources.ts';
import type { ObjectRef, StoreContext } from './context.ts';
import { checkPreconditions } from './update.ts';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number | undefined;
  readonly preconditions?: { uid?: string; resourceVersion?: string } | undefined;
  readonly isDryRun?: boolean;
}

/** The object's last state, and whether it is gone or only marked. */
export interface Deletion {
  readonly object: KubeObject;
  readonly isGone: boolean;
}

export function deleteObject(
  context: StoreContext,
  resource: Resource,
  ref: ObjectRef,
  options: DeleteOptions,
): Deletion {
  const stored = resourceOf(storedIn(resource));
  const key = keyOf(ref.namespace, ref.name);
  const live = context.storage.collection(stored.id).objects.get(key);
  if (live === undefined) throw notFound(stored, ref.name);
  checkPreconditions(stored, options.preconditions ?? {}, live);
  if (options.isDryRun) return { object: live, isGone: true };
  if (stored.id === 'namespaces') emptyNamespace(context, ref.name);
  const grace = stored.id === 'pods' ? graceOf(live, options) : 0;
  const isHeld = (live.metadata.finalizers ?? []).length > 0;
  if (grace === 0 && !isHeld) return { object: context.storage.remove(stored.id, key) ?? live, isGone: true };
  return { object: mark(context, stored, key, live, grace), isGone: false };
}

/** A pod that runs nowhere has nothing to end gracefully. */
function graceOf(pod: KubeObject, { gracePeriodSeconds }: DeleteOptions): number {
  const isRunning = valueAt(pod, 'spec', 'nodeName') !== undefined;
  const phase = valueAt(pod, 'status', 'phase');
  if (!isRunning || phase === 'Succeeded' || phase === 'Failed') return 0;
  return Math.max(
    0,
    gracePeriodSeconds ?? Number(valueAt(pod, 'spec', 'terminationGracePeriodSeconds') ?? 30),
  );
}

function mark(
  context: StoreContext,
  resource: Resource,
  key: string,
  live: KubeObject,
  grace: number,
): KubeObject {
  const { deletionGracePeriodSeconds: before } = live.metadata;
  // A second deletion may shorten the grace, never lengthen it.
  if (live.metadata.deletionTimestamp !== undefined && grace >= (before ?? 0)) return live;
  const next = structuredClone(live);
  next.metadata.deletionTimestamp = timestamp(context.cluster.now() + grace * 1000);
  next.metadata.deletionGracePeriodSeconds = grace;
  const marked = context.storage.put(resource.id, key, next);
  if (resource.id === 'pods') awaitGrace(context, key, marked);
  return marked;
}

/** Takes a pod out when its grace is over. Also called for terminating pods of a state that was loaded. */
export function awaitGrace({ storage, cluster }: StoreContext, key: string, pod: KubeObject): void {
  const { uid, deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (deletionTimestamp === undefined) return;
  const end = (): void => {
    const now = storage.collection('pods').objects.get(key);
    const isSame =
      now?.metadata.uid === uid && now?.metadata.deletionGracePeriodSeconds === deletionGracePeriodSeconds;
    if (isSame && (now?.metadata.finalizers ?? []).length === 0) storage.remove('pods', key);
  };
  setTimeout(end, Math.max(0, Date.parse(deletionTimestamp) - cluster.now())).unref();
}

/** Everything of a namespace goes with it, at once and regardless of finalizers. */
function emptyNamespace({ storage }: StoreContext, namespace: string): void {
  for (const resource of RESOURCES) {
    if (!resource.isNamespaced || resource.view !== undefined) continue;
    const keys = [...storage.collection(resource.id).objects.keys()];
    for (const key of keys) if (key.startsWith(`${namespace}/`)) storage.remove(resource.id, key);
  }
}
