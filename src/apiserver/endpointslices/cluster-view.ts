/** What the controller knows of the cluster, kept up to date by changes; and which Services a change concerns. */
import { type KubeObject, keyOf } from '../objects.ts';
import type { ServiceObject } from '../services/service-object.ts';
import type { Change } from '../storage/change.ts';
import type { ApiStore } from '../store/api-store.ts';
import { CONTROLLER, MANAGED_BY, type PodObject, SERVICE_NAME, type SliceObject, ZONE } from './objects.ts';
import { firstOf, LabelIndex, type Labels, selects } from './selector-index.ts';

const EMPTY: readonly SliceObject[] = [];

export class ClusterView {
  readonly #services = new LabelIndex((service) => firstOf(selectorOf(service)));
  readonly #pods = new LabelIndex(labelsOf);
  /** By the name of their Node. */
  readonly #podsByNode = new Map<string, Set<KubeObject>>();
  /** Slices of this controller by the key of their Service, then by their own. */
  readonly #slices = new Map<string, Map<string, SliceObject>>();
  readonly #touched: (serviceKey: string) => void;

  constructor(store: ApiStore, touched: (serviceKey: string) => void) {
    this.#touched = touched;
    for (const service of store.list('services')) this.#takeService(undefined, service);
    for (const pod of store.list('pods')) this.#takePod(undefined, pod);
    for (const slice of store.list('endpointslices')) this.#takeSlice(undefined, slice);
  }

  /** A listener for the changes of a resource. */
  listener(resource: 'services' | 'pods' | 'nodes' | 'endpointslices'): (change: Change) => void {
    const take = {
      services: this.#takeService,
      pods: this.#takePod,
      nodes: this.#takeNode,
      endpointslices: this.#takeSlice,
    }[resource];
    return ({ type, object, previous }) => take.call(this, previous, type === 'DELETED' ? undefined : object);
  }

  podsOf({ metadata, spec }: ServiceObject): PodObject[] {
    const { selector = {} } = spec;
    const candidates = [...this.#pods.withAny(metadata.namespace, firstOf(selector))];
    return candidates.filter((pod) => selects(selector, pod.metadata.labels)) as PodObject[];
  }

  slicesOf(serviceKey: string): readonly SliceObject[] {
    return [...(this.#slices.get(serviceKey)?.values() ?? EMPTY)];
  }

  #takeService(before: KubeObject | undefined, now: KubeObject | undefined): void {
    this.#services.replace(before, now);
    const object = now ?? before;
    if (object !== undefined) this.#touched(keyOf(object.metadata.namespace, object.metadata.name));
  }

  #takePod(before: KubeObject | undefined, now: KubeObject | undefined): void {
    this.#pods.replace(before, now);
    if (before !== undefined) this.#podsByNode.get(nodeNameOf(before))?.delete(before);
    if (now !== undefined) this.#placeOnNode(now);
    for (const pod of [before, now]) if (pod !== undefined) this.#touchServicesOf(pod);
  }

  /** Only its coming, its going and its zone matter. */
  #takeNode(before: KubeObject | undefined, now: KubeObject | undefined): void {
    const isSame =
      before !== undefined && now !== undefined && labelsOf(before)[ZONE] === labelsOf(now)[ZONE];
    const name = (now ?? before)?.metadata.name;
    if (isSame || name === undefined) return;
    for (const pod of this.#podsByNode.get(name) ?? []) this.#touchServicesOf(pod);
  }

  /** Slices that somebody else changed or deleted are put right. */
  #takeSlice(before: KubeObject | undefined, now: KubeObject | undefined): void {
    for (const slice of [before, now]) {
      const service = slice === undefined ? undefined : managedServiceOf(slice);
      if (slice === undefined || service === undefined) continue;
      const slices = this.#slices.get(service) ?? new Map<string, SliceObject>();
      if (slice === now) slices.set(slice.metadata.name, slice as SliceObject);
      else slices.delete(slice.metadata.name);
      if (slices.size === 0) this.#slices.delete(service);
      else this.#slices.set(service, slices);
      this.#touched(service);
    }
  }

  #placeOnNode(pod: KubeObject): void {
    const name = nodeNameOf(pod);
    const pods = this.#podsByNode.get(name) ?? new Set();
    this.#podsByNode.set(name, pods.add(pod));
  }

  #touchServicesOf(pod: KubeObject): void {
    const { namespace, labels = {} } = pod.metadata;
    for (const service of this.#services.withAny(namespace, labels)) {
      if (selects(selectorOf(service), labels)) this.#touched(keyOf(namespace, service.metadata.name));
    }
  }
}

function selectorOf(service: KubeObject): Labels {
  return (service as ServiceObject).spec.selector ?? {};
}

function labelsOf({ metadata }: KubeObject): Labels {
  return metadata.labels ?? {};
}

function nodeNameOf(pod: KubeObject): string {
  return (pod as PodObject).spec.nodeName ?? '';
}

function managedServiceOf({ metadata }: KubeObject): string | undefined {
  const { [MANAGED_BY]: manager, [SERVICE_NAME]: name } = metadata.labels ?? {};
  return manager === CONTROLLER && name !== undefined ? keyOf(metadata.namespace, name) : undefined;
}
