import { NODE } from '../../native/packet-probe.ts';
import { withPort } from '../../net/address.ts';
import type { Packet } from '../packets/packet.ts';
import { PORT_UNREACHABLE } from '../packets/parse.ts';
import type { PacketSighting, Trial } from './exchange.ts';

/** What became of a packet. */
export type Outcome =
  | Passed
  /** Its sender was told: with ICMP port unreachable (NEP-06), or a process of the node by the call itself. */
  | { readonly kind: 'rejected' }
  | { readonly kind: 'dropped' }
  /** Anything that no rule asks for, in words. */
  | { readonly kind: 'other'; readonly what: string };

/** It was forwarded, or delivered to the node. */
export interface Passed {
  readonly kind: 'passed';
  /** Where it went: `address:port`; of an echo request the address alone. */
  readonly endpoint: string;
  /** Whether that is where it was sent to. */
  readonly isUnchanged: boolean;
  /** What of its source was changed. */
  readonly masqueraded: 'address' | 'port' | 'no';
  readonly sighting: PacketSighting;
}

export function outcomeOf(trial: Trial): Outcome {
  const passed = trial.sightings.filter(({ seen }) => seen.kind === 'request');
  const [first, second] = passed;
  if (second !== undefined) return { kind: 'other', what: `seen in ${passed.length} places` };
  return first === undefined ? refusalOf(trial) : passedOf(trial.request, first);
}

function passedOf(request: Packet, sighting: PacketSighting): Outcome {
  const { seen } = sighting;
  if (seen.kind !== 'request') return { kind: 'dropped' };
  // What stays inside the kernel may have checksums that only a network card would fill in.
  if (!seen.isIntact && sighting.interface !== NODE) {
    return { kind: 'other', what: `${targetOf(seen)} with a wrong checksum` };
  }
  return {
    kind: 'passed',
    endpoint: targetOf(seen),
    isUnchanged: targetOf(seen) === targetOf(request),
    masqueraded: masqueradeOf(request, seen),
    sighting,
  };
}

function targetOf({ transport, destination, destinationPort }: Packet): string {
  return transport === 'ICMP' ? destination : withPort(destination, destinationPort);
}

function masqueradeOf(before: Packet, after: Packet): Passed['masqueraded'] {
  if (after.source !== before.source) return 'address';
  return after.sourcePort === before.sourcePort ? 'no' : 'port';
}

/** What a backend that translates at sockets says in place of the ICMP error: the process sees the same. */
const REFUSED = 'ECONNREFUSED';

function refusalOf({ request, refusal, sightings }: Trial): Outcome {
  const errors = sightings.flatMap(({ seen }) =>
    seen.kind === 'error' && seen.destination === request.source ? [seen.what] : [],
  );
  if (errors.includes(PORT_UNREACHABLE) || refusal === REFUSED) return { kind: 'rejected' };
  const [error] = errors;
  if (error !== undefined) return { kind: 'other', what: `ICMP ${error}` };
  if (sightings.some(({ seen }) => seen.kind === 'reset')) return { kind: 'other', what: 'TCP reset' };
  // NEP-12: the sender may be told, with EPERM, that the packet is gone. Anything else is no drop.
  if (refusal !== undefined && refusal !== 'EPERM') return { kind: 'other', what: `not sent: ${refusal}` };
  return { kind: 'dropped' };
}
