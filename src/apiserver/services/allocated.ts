/**
 * Cluster IPs and node ports that Services hold. Derived from what is stored, so that a refused request leaves nothing
 * behind, a deletion releases, and a restart knows them all.
 */

import type { KubeObject } from '../objects.ts';
import type { Change } from '../storage/change.ts';
import type { Collection } from '../storage/collection.ts';
import type { ServiceObject, ServiceSpec } from './service-object.ts';

export class AllocatedAddresses {
  readonly #ips = new Map<string, string>();
  readonly #nodePorts = new Map<number, string>();

  /** Follows the collection of Services. */
  constructor(services: Collection) {
    for (const [key, object] of services.objects) this.#hold(key, object);
    services.listeners.add((change) => this.#follow(change));
  }

  /** Whether another Service than the one of this key holds a cluster IP. */
  isIpTaken(address: string, key: string): boolean {
    return (this.#ips.get(address) ?? key) !== key;
  }

  /** Whether another Service than the one of this key holds a node port, be it for health checks. */
  isNodePortTaken(port: number, key: string): boolean {
    return (this.#nodePorts.get(port) ?? key) !== key;
  }

  #follow({ type, key, object, previous }: Change): void {
    if (previous !== undefined) this.#release(previous);
    if (type !== 'DELETED') this.#hold(key, object);
  }

  #hold(key: string, object: KubeObject): void {
    const { spec } = object as ServiceObject;
    for (const ip of clusterIPsOf(spec)) this.#ips.set(ip, key);
    for (const port of nodePortsOf(spec)) this.#nodePorts.set(port, key);
  }

  #release(object: KubeObject): void {
    const { spec } = object as ServiceObject;
    for (const ip of clusterIPsOf(spec)) this.#ips.delete(ip);
    for (const port of nodePortsOf(spec)) this.#nodePorts.delete(port);
  }
}

function clusterIPsOf(spec: ServiceSpec): readonly string[] {
  return (spec.clusterIPs ?? []).filter((ip) => ip !== 'None');
}

/** All node ports of a Service; one may occur for two protocols. */
export function nodePortsOf({ ports = [], healthCheckNodePort }: ServiceSpec): readonly number[] {
  return [...ports.map((port) => port.nodePort), healthCheckNodePort].filter((port) => port !== undefined);
}
