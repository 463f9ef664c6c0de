/** The conformance vectors: situations with what must happen. The schema is told in their README. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Decision, Family, Masquerade, Packet, Protocol, Situation } from './situation.ts';

/** Beside the project, where its specification lives too. */
export const VECTORS_DIRECTORY = path.resolve(import.meta.dirname, '../../../shared/vectors');

export interface Vector extends Situation {
  readonly id: string;
  readonly title: string;
  readonly rules: readonly string[];
  readonly flows: readonly Flow[];
  readonly sequences?: readonly Sequence[];
  readonly conntrack?: readonly ConntrackCase[];
  readonly healthChecks?: readonly HealthCheckCase[];
}

export interface Flow extends Packet {
  readonly name: string;
  /** The flow holds only there; without it, everywhere. */
  readonly backends?: readonly string[];
  readonly expect: FlowExpectation;
}

export type FlowExpectation =
  | {
      readonly action: 'dnat';
      readonly endpoints: readonly string[];
      readonly masquerade: boolean;
      readonly masqueradeFor?: readonly string[];
      readonly masqueradeAny?: readonly string[];
    }
  | { readonly action: 'reject' | 'drop' | 'none' };

export interface Sequence {
  readonly name: string;
  readonly steps: readonly SequenceStep[];
}

export interface SequenceStep extends Packet {
  readonly name: string;
  /** Pause before the step. */
  readonly afterSeconds?: number;
  readonly expect: { readonly anyOf: readonly string[] } | { readonly sameEndpointAsStep: number };
}

export interface ConntrackEntry {
  readonly protocol: Protocol;
  readonly origSrc: string;
  readonly origDst: string;
  readonly origDstPort: number;
  readonly replySrc: string;
  readonly replySrcPort: number;
}

export interface ConntrackCase extends ConntrackEntry {
  readonly name: string;
  readonly expect: 'keep' | 'delete' | 'either';
  /** What we want where `expect` is `either`. */
  readonly preferred?: 'keep' | 'delete';
}

export interface HealthCheckCase {
  readonly service: string;
  readonly family: Family;
  readonly port: number;
  readonly expect:
    | { readonly status: number; readonly localEndpoints: number }
    | { readonly listening: false };
}

export function readVectors(): Vector[] {
  const files = readdirSync(VECTORS_DIRECTORY).filter((file) => file.endsWith('.json'));
  return files.toSorted().flatMap((file) => {
    const content: { vectors: Vector[] } = JSON.parse(
      readFileSync(path.join(VECTORS_DIRECTORY, file), 'utf8'),
    );
    return content.vectors;
  });
}

/** The flows that the nftables and eBPF backends must satisfy. */
export function nftablesFlows(vector: Vector): readonly Flow[] {
  return vector.flows.filter((flow) => flow.backends?.includes('nftables') ?? true);
}

/** An expectation in the words of the model. */
export function expectedDecision(expect: FlowExpectation): Decision {
  if (expect.action !== 'dnat') return expect;
  const endpoints = new Map<string, Masquerade>();
  for (const endpoint of expect.endpoints) {
    const isMasqueraded = expect.masquerade || expect.masqueradeFor?.includes(endpoint);
    const isOpen = expect.masqueradeAny?.includes(endpoint);
    endpoints.set(endpoint, isOpen ? 'either' : isMasqueraded ? 'yes' : 'no');
  }
  return { action: 'dnat', endpoints };
}

/** A decision of the model in the words of a vector. */
export function flowExpectation(decision: Decision): FlowExpectation {
  if (decision.action !== 'dnat') return decision;
  const { endpoints } = decision;
  const having = (masquerade: Masquerade) =>
    [...endpoints].filter(([, value]) => value === masquerade).map(([endpoint]) => endpoint);
  const [masqueraded, open] = [having('yes'), having('either')];
  const isAlways = masqueraded.length === endpoints.size;
  return {
    action: 'dnat',
    endpoints: [...endpoints.keys()],
    masquerade: isAlways,
    ...(masqueraded.length > 0 && !isAlways && { masqueradeFor: masqueraded }),
    ...(open.length > 0 && { masqueradeAny: open }),
  };
}
