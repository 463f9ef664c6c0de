import type { Family } from '../net/address.ts';
import type { ServedPort, ServedPortChange } from '../services/served-port.ts';

/** A Service that load balancers check on this node, in one family. */
export interface CheckedService {
  /** `namespace/name` */
  readonly service: string;
  /** Where it is checked. */
  readonly port: number;
  /** Distinct addresses of its local ready endpoints, over all of its ports (HC-02). */
  readonly localEndpoints: number;
}

/**
 * Which Services have a health check (HC-01), and what is said of them.
 *
 * In: changes of service ports, as they come. Out: the Services as of the last call of publish(), and not before.
 */
export class CheckedServices {
  readonly #family: Family;
  readonly #nodeName: string;
  /** The ports, by id, of each Service that has a health check. */
  readonly #ports = new Map<string, Map<string, ServedPort>>();
  readonly #touched = new Set<string>();
  readonly #published = new Map<string, CheckedService>();

  constructor(family: Family, nodeName: string) {
    this.#family = family;
    this.#nodeName = nodeName;
  }

  touch({ before, after }: ServedPortChange): void {
    const port = after ?? before;
    if (port === undefined || port.family !== this.#family) return;
    const ports = this.#ports.get(port.service) ?? new Map<string, ServedPort>();
    if (after !== undefined && after.traits.healthCheckNodePort !== 0) ports.set(port.id, after);
    else if (!ports.delete(port.id)) return;
    if (ports.size === 0) this.#ports.delete(port.service);
    else this.#ports.set(port.service, ports);
    this.#touched.add(port.service);
  }

  /** Makes public what changed since the last call; returns the Services that it was about. */
  publish(): string[] {
    const services = [...this.#touched];
    this.#touched.clear();
    for (const service of services) {
      const checked = this.#check(service);
      if (checked === undefined) this.#published.delete(service);
      else this.#published.set(service, checked);
    }
    return services;
  }

  /** What is public of a Service; undefined if it has no health check. */
  get(service: string): CheckedService | undefined {
    return this.#published.get(service);
  }

  #check(service: string): CheckedService | undefined {
    const ports = [...(this.#ports.get(service)?.values() ?? [])];
    const [first] = ports;
    if (first === undefined) return undefined;
    const endpoints = ports.flatMap((port) => port.endpoints);
    const local = endpoints.filter(({ ready, nodeName }) => ready && nodeName === this.#nodeName);
    const localEndpoints = new Set(local.map(({ address }) => address)).size;
    return { service, port: first.traits.healthCheckNodePort, localEndpoints };
  }
}
