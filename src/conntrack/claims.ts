import type { ServedPort } from '../services/served-port.ts';
import type { Frontends, Touched } from './touched.ts';
import { frontendsOf, haveSameFrontends, serveSame, type UdpFrontend, udpKey } from './udp-frontend.ts';

/**
 * Which service ports claim which UDP frontend of one family. Usually it is one; if several do, a connection to any
 * of their endpoints is left alone, whichever of them forwarding prefers.
 */
export class Claims {
  /** By id. */
  readonly #ports = new Map<string, ServedPort>();
  /** Ids of service ports, by the key of the frontend. */
  readonly #claimants = new Map<string, Set<string>>();
  readonly #nodePorts: Frontends = new Map();

  /** Takes a UDP service port as it is now, undefined if it is gone; adds what must be looked at to `touched`. */
  update(id: string, after: ServedPort | undefined, touched: Touched): void {
    const before = this.#ports.get(id);
    if (after === undefined) this.#ports.delete(id);
    else this.#ports.set(id, after);
    if (before !== undefined && after !== undefined && haveSameFrontends(before, after)) {
      if (!serveSame(before, after)) touched.ports.add(id);
      return;
    }
    for (const [key] of frontendsByKey(before)) this.#unclaim(key, id);
    for (const [key, frontend] of frontendsByKey(after)) this.#claim(key, frontend, id);
    for (const [key, frontend] of [...frontendsByKey(before), ...frontendsByKey(after)]) {
      touched.frontends.set(key, frontend);
    }
  }

  /** The frontends that must be looked at. A service port that is gone has left its own among them. */
  frontendsOf({ ports, frontends }: Touched): Frontends {
    const all: Frontends = new Map(frontends);
    for (const id of ports) {
      for (const [key, frontend] of frontendsByKey(this.#ports.get(id))) all.set(key, frontend);
    }
    return all;
  }

  /** The service ports that claim a frontend now. */
  claimantsOf(key: string): ServedPort[] {
    const ids = [...(this.#claimants.get(key) ?? [])];
    return ids.map((id) => this.#ports.get(id)).filter((port) => port !== undefined);
  }

  /** The node ports that are claimed now. */
  nodePorts(): ReadonlyMap<string, UdpFrontend> {
    return this.#nodePorts;
  }

  #claim(key: string, frontend: UdpFrontend, id: string): void {
    const claimants = this.#claimants.get(key) ?? new Set<string>();
    this.#claimants.set(key, claimants.add(id));
    if (frontend.address === undefined) this.#nodePorts.set(key, frontend);
  }

  #unclaim(key: string, id: string): void {
    const claimants = this.#claimants.get(key);
    claimants?.delete(id);
    if (claimants?.size !== 0) return;
    this.#claimants.delete(key);
    this.#nodePorts.delete(key);
  }
}

function frontendsByKey(port: ServedPort | undefined): [string, UdpFrontend][] {
  if (port === undefined) return [];
  return frontendsOf(port).map((frontend) => [udpKey(frontend), frontend]);
}
