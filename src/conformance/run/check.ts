import type {
  ConntrackEntry,
  Expectation,
  FirstPacket,
  Flow,
  HealthCheck,
  Sequence,
  Vector,
} from '../vectors/vector.ts';

/** One thing that a vector expects, and that passes or fails. */
export type Check =
  | { readonly kind: 'conntrack'; readonly name: string; readonly entry: ConntrackEntry }
  | {
      readonly kind: 'flow';
      readonly name: string;
      readonly packet: FirstPacket;
      /** One of them must be met. */
      readonly alternatives: readonly Expectation[];
    }
  | { readonly kind: 'health check'; readonly name: string; readonly check: HealthCheck }
  | { readonly kind: 'sequence'; readonly name: string; readonly sequence: Sequence };

export interface CheckResult {
  readonly kind: Check['kind'];
  readonly name: string;
  readonly failure?: Failure;
}

export interface Failure {
  readonly expected: string;
  readonly seen: string;
}

/** Whose flows hold for a backend, besides those that hold for all: the first wins where two say how a packet fares. */
const FLOWS_OF: Readonly<Record<string, readonly string[]>> = {
  nftables: ['nftables'],
  ebpf: ['nftables'],
  iptables: ['iptables'],
};

/** All that a vector expects of a backend, in the order in which it is checked. */
export function checksOf(vector: Vector, backend: string): Check[] {
  return [
    ...vector.conntrack.map((entry) => ({ kind: 'conntrack', name: entry.name, entry }) as const),
    ...vector.flows
      .filter((flow) => holdsFor(flow, backend))
      .map((flow) => ({
        kind: 'flow' as const,
        name: flow.name,
        packet: flow,
        alternatives: [flow.expect, ...twinsOf(flow, vector, backend)],
      })),
    ...vector.healthChecks.map((check) => ({ kind: 'health check', name: check.service, check }) as const),
    ...vector.sequences.map((sequence) => ({ kind: 'sequence', name: sequence.name, sequence }) as const),
  ];
}

function holdsFor({ backends }: Flow, backend: string): boolean {
  if (backends === undefined) return true;
  return (FLOWS_OF[backend] ?? [backend]).some((name) => backends.includes(name));
}

/** Where upstream's two modes differ, the iptables backend may do what either does. */
function twinsOf(flow: Flow, { flows }: Vector, backend: string): Expectation[] {
  if (backend !== 'iptables' || flow.backends === undefined) return [];
  const isTwin = (other: Flow): boolean =>
    (other.backends?.includes('nftables') ?? false) && packetText(other) === packetText(flow);
  return flows.filter(isTwin).map(({ expect }) => expect);
}

function packetText({ origin, inInterface, protocol, sourceIP, destIP, destPort }: FirstPacket): string {
  return [origin, inInterface, protocol, sourceIP, destIP, destPort].join(' ');
}
