import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Family, familyOf } from '../net/address.ts';
import { contains } from '../net/cidr.ts';
import type { ServedPortChange } from '../services/served-port.ts';
import { answerOf } from './answer.ts';
import { CheckedServices } from './checked-services.ts';
import { type Listen, listenHere, listenInNamespace } from './listen.ts';
import { ListenerGroup } from './listener-group.ts';

/** A health check that cannot be served now; it is tried again with the next publish() (HC-06). */
export interface HealthCheckFailure {
  readonly family: Family;
  /** `namespace/name` */
  readonly service: string;
  readonly port: number;
  readonly address: string;
  readonly error: Error;
}

export interface HealthCheckObserver {
  /** Told once as long as the same happens again. */
  failed(failure: HealthCheckFailure): void;
}

export interface HealthChecksOptions {
  readonly family: Family;
  /** The name that EndpointSlices know this node by. */
  readonly nodeName: string;
  /** Asked for each answer (HC-03): whether the proxy keeps the kernel up to date, eligibility of the node aside. */
  readonly isProxyHealthy: () => boolean;
  readonly observer: HealthCheckObserver;
  /** The network namespace to listen in, by name or path; absent means the process's own. */
  readonly namespace?: string | undefined;
  /** Instead of that. */
  readonly listen?: Listen;
}

const ANY: Readonly<Record<Family, string>> = { IPv4: '0.0.0.0', IPv6: '::' };

/** A listener on one of these would need to know the interface. No load balancer asks there. */
const LINK_LOCAL = { family: 'IPv6', address: 'fe80::', prefixLength: 10 } as const;

/**
 * The answers to the health checks of load balancers in one family (section 17 of the behaviour).
 *
 * In: changes of service ports, and word that the kernel's rules have caught up with them. Out: an HTTP server on
 * each accepted address for each Service that is checked.
 */
export class HealthChecks {
  readonly #options: HealthChecksOptions;
  readonly #services: CheckedServices;
  readonly #listenOn: Listen;
  readonly #groups = new Map<string, ListenerGroup>();
  /** What was told last of a Service. */
  readonly #told = new Map<string, string>();
  #given: 'any' | readonly string[] = [];
  /** Those of the given addresses that are listened on. */
  #addresses: readonly string[] = [];
  #isClosed = false;

  constructor(options: HealthChecksOptions) {
    this.#options = options;
    this.#services = new CheckedServices(options.family, options.nodeName);
    const { namespace, listen } = options;
    this.#listenOn = listen ?? (namespace === undefined ? listenHere : listenInNamespace(namespace));
  }

  /** Takes a change of a service port. It shows with the next publish(). */
  touch(change: ServedPortChange): void {
    this.#services.touch(change);
  }

  /**
   * Brings counts and listeners to where the changes so far lead: to be called after each sync that succeeded, and
   * when the addresses changed (HC-07). Counts are right before a listener opens.
   *
   * @param addresses where node ports are accepted (HC-05); those of other families are left out
   */
  publish(addresses: 'any' | readonly string[]): void {
    if (this.#isClosed) return;
    const services = new Set(this.#services.publish());
    const moved = this.#move(addresses);
    for (const [service, group] of this.#groups) {
      if (group.isComplete) this.#told.delete(service);
      if (moved || !group.isComplete) services.add(service);
    }
    for (const service of services) this.#listen(service);
  }

  /** Resolves when no listener is being opened. */
  async settled(): Promise<void> {
    await Promise.all(this.#groups.values().map((group) => group.settled()));
  }

  /** Closes all listeners; resolves when the last is closed. May be called again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const groups = [...this.#groups.values()];
    this.#groups.clear();
    for (const group of groups) group.set(undefined);
    await Promise.all(groups.map((group) => group.settled()));
  }

  /** Takes the addresses; returns whether they are others than before. */
  #move(addresses: 'any' | readonly string[]): boolean {
    if (addresses === this.#given) return false;
    this.#given = addresses;
    const { family } = this.#options;
    const isOurs = (it: string): boolean => familyOf(it) === family && !contains(LINK_LOCAL, it);
    const now = addresses === 'any' ? [ANY[family]] : addresses.filter(isOurs).toSorted();
    const isSame = now.join(' ') === this.#addresses.join(' ');
    this.#addresses = now;
    return !isSame;
  }

  #listen(service: string): void {
    const checked = this.#services.get(service);
    if (checked !== undefined) {
      this.#groupOf(service).set({ port: checked.port, addresses: this.#addresses });
      return;
    }
    this.#told.delete(service);
    this.#retire(service);
  }

  /**
   * Closes the listeners of a Service. It keeps its group until they are closed: it may come back before, and would find
   * its port taken by itself. Another that waits for the port gets it then.
   */
  #retire(service: string): void {
    const group = this.#groups.get(service);
    if (group === undefined) return;
    group.set(undefined);
    void group.settled().then(() => {
      if (this.#isClosed || this.#services.get(service) !== undefined) return;
      if (this.#groups.get(service) === group) this.#groups.delete(service);
      for (const [other, waiting] of this.#groups) if (!waiting.isComplete) this.#listen(other);
    });
  }

  #groupOf(service: string): ListenerGroup {
    const known = this.#groups.get(service);
    if (known !== undefined) return known;
    const group = new ListenerGroup({
      answer: (request, response) => this.#answer(service, request, response),
      listen: this.#listenOn,
      onFailure: ({ port }, address, error) => this.#tell(service, port, address, error),
    });
    this.#groups.set(service, group);
    return group;
  }

  /** Any path, any method (HC-01). */
  #answer(service: string, _request: IncomingMessage, response: ServerResponse): void {
    const localEndpoints = this.#services.get(service)?.localEndpoints ?? 0;
    const { status, headers, body } = answerOf(service, localEndpoints, this.#options.isProxyHealthy());
    response.writeHead(status, headers).end(body);
  }

  #tell(service: string, port: number, address: string, error: Error): void {
    const text = `${address} ${port} ${error.message}`;
    if (this.#isClosed || this.#told.get(service) === text) return;
    this.#told.set(service, text);
    const { family, observer } = this.#options;
    observer.failed({ family, service, port, address, error });
  }
}
