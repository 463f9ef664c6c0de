/**
 * Makes EndpointSlices from Services' selectors and Pods' readiness, as kube-controller-manager does. Driven by changes:
 * those of one turn of the event loop are one pass over the Services concerned. Slices of other managers, and made by hand,
 * are left alone. Source: pkg/controller/endpointslice and staging/src/k8s.io/endpointslice.
 */
import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../errors.ts';
import type { KubeObject } from '../objects.ts';
import { isExternalName, type ServiceObject } from '../services/service-object.ts';
import type { ApiStore } from '../store/api-store.ts';
import { ClusterView } from './cluster-view.ts';
import { endpointOf } from './endpoint.ts';
import { type Endpoint, type PodObject, type SliceObject, ZONE } from './objects.ts';
import { type Group, type PlannedSlice, planSlices } from './plan.ts';
import { portsAt } from './ports.ts';
import { sliceMetadata } from './slice-metadata.ts';
import { TriggerTimes } from './trigger-times.ts';

/** Services of one pass; more wait for the next, so that requests are answered in between. */
const MOST_IN_A_PASS = 200;

export class EndpointSliceController {
  readonly #store: ApiStore;
  readonly #view: ClusterView;
  readonly #times = new TriggerTimes();
  readonly #dirty = new Set<string>();
  readonly #unsubscribe: (() => void)[];
  #pass: NodeJS.Immediate | undefined;
  /** Its own writes are no news to it. */
  #isWriting = false;

  constructor(store: ApiStore) {
    this.#store = store;
    this.#view = new ClusterView(store, (key) => this.#touch(key));
    const resources = ['services', 'pods', 'nodes', 'endpointslices'] as const;
    this.#unsubscribe = resources.map((it) => store.onChange(it, this.#view.listener(it)));
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    if (this.#pass !== undefined) clearImmediate(this.#pass);
  }

  #touch(serviceKey: string): void {
    if (this.#isWriting) return;
    this.#dirty.add(serviceKey);
    this.#pass ??= setImmediate(() => this.#reconcileDirty());
  }

  #reconcileDirty(): void {
    this.#pass = undefined;
    const keys = [...this.#dirty].slice(0, MOST_IN_A_PASS);
    this.#isWriting = true;
    try {
      for (const key of keys) {
        this.#dirty.delete(key);
        this.#attempt(key);
      }
    } finally {
      this.#isWriting = false;
    }
    if (this.#dirty.size > 0) this.#pass ??= setImmediate(() => this.#reconcileDirty());
  }

  /** A slice that the server refuses is no reason to stop; the next change of the Service is the next attempt. */
  #attempt(key: string): void {
    try {
      this.#reconcile(key);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #reconcile(key: string): void {
    const [namespace = '', name = ''] = key.split('/');
    const service = this.#store.find('services', { namespace, name }) as ServiceObject | undefined;
    const existing = this.#view.slicesOf(key);
    if (service === undefined) {
      this.#times.forget(key);
      for (const slice of existing) this.#store.delete('endpointslices', slice.metadata);
      return;
    }
    if (service.metadata.deletionTimestamp !== undefined || !hasOwnEndpoints(service)) return;
    const pods = this.#view.podsOf(service);
    const triggerTime = this.#times.next(key, service, pods);
    const plan = planSlices(this.#groupsOf(service, pods), existing, service.spec.ipFamilies ?? ['IPv4']);
    for (const slice of plan.slices) this.#write(service, slice, triggerTime);
    for (const slice of plan.superfluous) this.#store.delete('endpointslices', slice.metadata);
  }

  /** Endpoints by family and ports. A pod whose Node is not known is left out, unless the Service takes pods in any state. */
  #groupsOf(service: ServiceObject, pods: readonly PodObject[]): Group[] {
    const groups = new Map<string, Group & { endpoints: Endpoint[] }>();
    for (const pod of pods) {
      const node = this.#nodeOf(pod);
      if (node === undefined && service.spec.publishNotReadyAddresses !== true) continue;
      const ports = portsAt(service, pod);
      for (const addressType of service.spec.ipFamilies ?? ['IPv4']) {
        const endpoint = endpointOf(service, pod, addressType, node?.metadata.labels?.[ZONE]);
        if (endpoint === undefined) continue;
        const key = `${addressType} ${JSON.stringify(ports)}`;
        const group = groups.get(key) ?? { addressType, ports, endpoints: [] };
        group.endpoints.push(endpoint);
        groups.set(key, group);
      }
    }
    return [...groups.values()];
  }

  #nodeOf({ spec }: PodObject): KubeObject | undefined {
    return spec.nodeName === undefined ? undefined : this.#store.find('nodes', { name: spec.nodeName });
  }

  #write(service: ServiceObject, planned: PlannedSlice, triggerTime: string | undefined): void {
    const { existing, addressType, ports, endpoints } = planned;
    const metadata = sliceMetadata(service, existing, triggerTime);
    const slice = { metadata, addressType, endpoints, ports };
    if (existing === undefined) this.#store.create('endpointslices', slice);
    else if (!isUpToDate(existing, planned, metadata)) this.#store.update('endpointslices', slice);
  }
}

function hasOwnEndpoints({ spec }: ServiceObject): boolean {
  return !isExternalName(spec) && Object.keys(spec.selector ?? {}).length > 0;
}

/** The annotation alone is no reason to write. */
function isUpToDate(
  slice: SliceObject,
  planned: PlannedSlice,
  metadata: Partial<KubeObject['metadata']>,
): boolean {
  const { labels, ownerReferences } = slice.metadata;
  return (
    isDeepStrictEqual(slice.endpoints ?? [], planned.endpoints) &&
    isDeepStrictEqual(slice.ports ?? [], planned.ports) &&
    isDeepStrictEqual(labels, metadata.labels) &&
    isDeepStrictEqual(ownerReferences, metadata.ownerReferences)
  );
}
