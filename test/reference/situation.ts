/**
 * A situation as the conformance vectors describe it: one node, its configuration, Kubernetes objects, and packets.
 *
 * The objects are raw, as an API server returns them. Only fields that some rule reads are named here.
 */

export type Family = 'IPv4' | 'IPv6';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface Situation {
  readonly node: SituationNode;
  readonly config: SituationConfig;
  /** CIDRs of the ServiceCIDR objects; absent = there are none. */
  readonly serviceCIDRs?: readonly string[];
  readonly services: readonly RawService[];
  readonly endpointSlices: readonly RawEndpointSlice[];
}

export interface SituationNode {
  readonly name: string;
  /** Addresses of its interfaces without loopback. The first of each family is the Node object's InternalIP. */
  readonly ips: readonly string[];
  readonly podCIDRs?: readonly string[];
  readonly zone?: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** KubeProxyConfiguration fields that differ from the default. */
export interface SituationConfig {
  readonly clusterCIDR?: string;
  readonly detectLocalMode?: 'ClusterCIDR' | 'NodeCIDR' | 'BridgeInterface' | 'InterfaceNamePrefix';
  readonly detectLocal?: { readonly bridgeInterface?: string; readonly interfaceNamePrefix?: string };
  readonly nodePortAddresses?: readonly string[];
  readonly bindAddress?: string;
  readonly nftables?: { readonly masqueradeAll?: boolean };
  readonly iptables?: { readonly masqueradeAll?: boolean };
}

interface RawMetadata {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
}

export interface RawService {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: RawMetadata;
  readonly spec: RawServiceSpec;
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly RawIngress[] } };
}

export interface RawServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly ipFamilies?: readonly string[];
  readonly ipFamilyPolicy?: string;
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly RawServicePort[];
  readonly externalName?: string;
  readonly externalIPs?: readonly string[];
  readonly loadBalancerIP?: string;
  readonly loadBalancerClass?: string;
  readonly allocateLoadBalancerNodePorts?: boolean;
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly internalTrafficPolicy?: string;
  readonly externalTrafficPolicy?: string;
  readonly healthCheckNodePort?: number;
  readonly publishNotReadyAddresses?: boolean;
  readonly sessionAffinity?: string;
  readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
  readonly trafficDistribution?: string;
}

export interface RawServicePort {
  readonly name?: string;
  readonly protocol?: Protocol;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly appProtocol?: string;
}

export interface RawIngress {
  readonly ip?: string;
  readonly hostname?: string;
  readonly ipMode?: string;
  readonly ports?: readonly { readonly port: number; readonly protocol: Protocol }[];
}

export interface RawEndpointSlice {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: RawMetadata;
  readonly addressType: string;
  readonly endpoints?: readonly RawEndpoint[];
  readonly ports?: readonly RawEndpointPort[];
}

export interface RawEndpointPort {
  readonly name?: string;
  readonly protocol?: Protocol;
  readonly port?: number;
  readonly appProtocol?: string;
}

export interface RawEndpoint {
  readonly addresses: readonly string[];
  readonly conditions?: {
    readonly ready?: boolean;
    readonly serving?: boolean;
    readonly terminating?: boolean;
  };
  readonly nodeName?: string;
  readonly zone?: string;
  readonly hostname?: string;
  readonly hints?: RawHints;
}

export interface RawHints {
  readonly forZones?: readonly { readonly name: string }[];
  readonly forNodes?: readonly { readonly name: string }[];
}

/** The first packet of a connection, as it reaches the proxy. */
export interface Packet {
  readonly origin: 'local-pod' | 'remote-pod' | 'external' | 'node';
  /** Where interface detection makes it matter. */
  readonly inInterface?: string;
  readonly protocol: Protocol | 'ICMP';
  readonly sourceIP: string;
  readonly destIP: string;
  /** Absent for ICMP. */
  readonly destPort?: number;
}

/** Whether the source is changed; `either` where the spec leaves it open (MASQ-10). */
export type Masquerade = 'yes' | 'no' | 'either';

/** What happens to a packet. */
export type Decision =
  /** Translated to any one of these (`address:port`), with what then happens to its source. */
  | { readonly action: 'dnat'; readonly endpoints: ReadonlyMap<string, Masquerade> }
  | { readonly action: 'reject' | 'drop' | 'none' };
