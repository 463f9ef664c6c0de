import type { ApiObject } from '../../api/objects.ts';
import type { ProxyConfig } from '../../config/proxy-config.ts';
import type { Family } from '../../net/address.ts';
import type { Transport } from '../packets/packet.ts';

/**
 * A conformance case: one node with its configuration and objects, and what must happen to single new packets. All data,
 * so that it can be handed to another process. Addresses and endpoints are canonical.
 */
export interface Vector {
  readonly id: string;
  readonly title: string;
  /** Ids of the rules that it is about. */
  readonly rules: readonly string[];
  readonly node: VectorNode;
  readonly config: ProxyConfig;
  /** The Node, ServiceCIDRs, Services and EndpointSlices, unfiltered. */
  readonly objects: readonly ApiObject[];
  readonly flows: readonly Flow[];
  readonly sequences: readonly Sequence[];
  readonly conntrack: readonly ConntrackEntry[];
  readonly healthChecks: readonly HealthCheck[];
}

export interface VectorNode {
  readonly name: string;
  /** Addresses on its interfaces; the first of each family is its InternalIP. */
  readonly ips: readonly string[];
  readonly podCIDRs: readonly string[];
}

/** How a packet comes to the proxy. */
export type Origin = 'local-pod' | 'remote-pod' | 'external' | 'node';

/** The first packet of a connection, as its sender sends it; the source port is free. */
export interface FirstPacket {
  readonly name: string;
  readonly origin: Origin;
  /** The interface that it arrives on, where that matters. */
  readonly inInterface?: string;
  readonly protocol: Transport;
  readonly sourceIP: string;
  readonly destIP: string;
  /** 0 for ICMP. */
  readonly destPort: number;
}

export interface Flow extends FirstPacket {
  /** The only backends that it holds for; absent: it holds for all. */
  readonly backends?: readonly string[];
  readonly expect: Expectation;
}

export type Expectation = Translation | { readonly action: 'reject' | 'drop' | 'none' };

export interface Translation {
  readonly action: 'dnat';
  /** All of them must be possible, and no other. */
  readonly endpoints: readonly string[];
  /** Whether the source is changed, */
  readonly masquerade: boolean;
  /** the endpoints for which it is although `masquerade` is false, */
  readonly masqueradeFor: readonly string[];
  /** and those for which it may be or not. */
  readonly masqueradeAny: readonly string[];
}

/** Connections one after the other that session affinity holds together. */
export interface Sequence {
  readonly name: string;
  readonly steps: readonly Step[];
}

export interface Step extends FirstPacket {
  /** Pause before it. */
  readonly afterSeconds: number;
  readonly expect: {
    readonly anyOf?: readonly string[];
    /** Number of an earlier step, from 0. */
    readonly sameEndpointAsStep?: number;
  };
}

/** An entry of the conntrack table and its fate when the proxy cleans up. */
export interface ConntrackEntry {
  readonly name: string;
  readonly protocol: Exclude<Transport, 'ICMP'>;
  readonly origSrc: string;
  readonly origDst: string;
  readonly origDstPort: number;
  readonly replySrc: string;
  readonly replySrcPort: number;
  readonly expect: 'keep' | 'delete' | 'either';
}

/** What the health check of a Service answers on its port. */
export interface HealthCheck {
  /** `namespace/name` */
  readonly service: string;
  readonly family: Family;
  readonly port: number;
  readonly expect:
    | { readonly listening: false }
    | { readonly listening: true; readonly status: number; readonly localEndpoints?: number };
}
