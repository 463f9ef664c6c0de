import type { ServedPort, ServedPortChange } from '../services/served-port.ts';
import { frontendsOf, keepsSame, type UdpFrontend, udpKey } from './udp-frontend.ts';

/** UDP frontends by their key. */
export type Frontends = Map<string, UdpFrontend>;

/**
 * Which service ports claim which UDP frontend of one family. Usually it is one; if several do, a connection to any
 * of their endpoints is left alone, whichever of them forwarding prefers.
 */
export class Claims {
  readonly #claimants = new Map<string, Map<string, ServedPort>>();
  readonly #nodePorts: Frontends = new Map();

  /** Takes a change of a UDP service port; adds the frontends that must be looked at again to `touched`. */
  update({ before, after }: ServedPortChange, touched: Frontends): void {
    const isTouched = !keepsSame(before, after);
    if (before !== undefined) this.#forEachFrontend(before, (key) => this.#unclaim(key, before.id));
    if (after !== undefined) this.#forEachFrontend(after, (key, it) => this.#claim(key, it, after));
    if (!isTouched) return;
    for (const port of [before, after]) {
      if (port !== undefined) this.#forEachFrontend(port, (key, frontend) => touched.set(key, frontend));
    }
  }

  /** The service ports that claim a frontend now. */
  claimantsOf(key: string): Iterable<ServedPort> {
    return this.#claimants.get(key)?.values() ?? [];
  }

  /** The node ports that are claimed now. */
  nodePorts(): ReadonlyMap<string, UdpFrontend> {
    return this.#nodePorts;
  }

  #forEachFrontend(port: ServedPort, visit: (key: string, frontend: UdpFrontend) => void): void {
    for (const frontend of frontendsOf(port)) visit(udpKey(frontend), frontend);
  }

  #claim(key: string, frontend: UdpFrontend, port: ServedPort): void {
    const claimants = this.#claimants.get(key) ?? new Map<string, ServedPort>();
    this.#claimants.set(key, claimants.set(port.id, port));
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
