/** Session affinity over several connections: section 12 of the spec. */
import type { Decision, Packet } from '../situation.ts';
import { familyOf } from './addresses.ts';
import { addressedPort, decide } from './decide.ts';
import type { Model } from './model.ts';

interface Binding {
  readonly endpoint: string;
  /** Seconds; when the client last connected (AFF-05). */
  readonly usedAt: number;
}

/**
 * Remembers which endpoint each client of a service port used last.
 *
 * One binding for a client and service port. Upstream may keep several and then prefers by text order (AFF-04);
 * nodeplane keeps the last used.
 */
export class AffinityModel {
  readonly #model: Model;
  readonly #bindings = new Map<string, Binding>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** What may happen to a connection that starts at `now`, in seconds. */
  decide(packet: Packet, now: number): Decision {
    const decision = decide(this.#model, packet);
    const affinity = affinityOf(this.#model, packet);
    if (decision.action !== 'dnat' || affinity === undefined) return decision;
    const binding = this.#bindings.get(affinity.key);
    if (binding === undefined || now - binding.usedAt >= affinity.seconds) return decision; // AFF-01
    const masquerade = decision.endpoints.get(binding.endpoint);
    if (masquerade === undefined) return decision; // AFF-04: no longer in the list in use
    return { action: 'dnat', endpoints: new Map([[binding.endpoint, masquerade]]) };
  }

  /** Tells which endpoint the connection got. */
  connected(packet: Packet, endpoint: string, now: number): void {
    const affinity = affinityOf(this.#model, packet);
    if (affinity !== undefined) this.#bindings.set(affinity.key, { endpoint, usedAt: now }); // AFF-05
  }
}

/** Which binding a packet asks for, and for how many seconds it holds. AFF-02, AFF-03: whichever the frontend. */
export function affinityOf(model: Model, packet: Packet): { key: string; seconds: number } | undefined {
  const port = addressedPort(model[familyOf(packet.destIP)], packet)?.port;
  if (port?.affinitySeconds === undefined) return undefined;
  const id = [port.namespace, port.service, port.name, port.protocol].join('/');
  return { key: `${id} ${packet.sourceIP}`, seconds: port.affinitySeconds };
}
