import { type Family, familyOf } from '../net/address.ts';
import { isLoopback } from '../net/loopback.ts';
import type { Frontends } from './touched.ts';
import { type UdpFrontend, udpKey } from './udp-frontend.ts';

/** The addresses of one family on which node ports are accepted; none at first (CT-05). */
export class NodeAddresses {
  readonly #family: Family;
  #accepted: ReadonlySet<string> = new Set();

  constructor(family: Family) {
    this.#family = family;
  }

  get accepted(): ReadonlySet<string> {
    return this.#accepted;
  }

  /**
   * Takes what is accepted now. On an address that came, all of `nodePorts` are new frontends; on one that went, they
   * are no frontends any more. Adds those to `touched`.
   */
  update(
    accepted: 'any' | readonly string[],
    hostAddresses: readonly string[],
    nodePorts: ReadonlyMap<string, UdpFrontend>,
    touched: Frontends,
  ): void {
    const isOurs = (address: string): boolean => familyOf(address) === this.#family && !isLoopback(address);
    const now = new Set((accepted === 'any' ? hostAddresses : accepted).filter(isOurs));
    const gone = this.#accepted.difference(now);
    const hasNew = now.difference(this.#accepted).size > 0;
    this.#accepted = now;
    for (const [key, nodePort] of nodePorts) {
      if (hasNew) touched.set(key, nodePort);
      for (const address of gone) {
        const retired = { address, port: nodePort.port };
        touched.set(udpKey(retired), retired);
      }
    }
  }
}
