/**
 * The Kubernetes objects as nodeplane keeps them: small, readonly, only the fields that a rule of the
 * behaviour spec reads. Every decoder (manifests, JSON, protobuf) ends here; nothing behind this door knows
 * where an object came from.
 *
 * Absent and empty are told apart only where Kubernetes does so (optional fields below). Addresses are canonical
 * text (src/net/address.ts), and those that are no addresses do not get this far.
 */

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];

/** core/v1 Service. Source: staging/src/k8s.io/api/core/v1/types.go. */
export interface Service {
  readonly kind: 'Service';
  readonly namespace: string;
  readonly name: string;
  /** Labels of the object; only the service-proxy-name label is ever looked at (SVC-04). */
  readonly labels: Readonly<Record<string, string>>;
  readonly type: string;
  /** `spec.clusterIP`: "", "None" or an address. */
  readonly clusterIP: string;
  readonly clusterIPs: readonly string[];
  readonly ipFamilies: readonly string[];
  readonly ports: readonly ServicePort[];
  /** Those that are addresses (VIP-03). */
  readonly externalIPs: readonly string[];
  /** The addresses of `status.loadBalancer.ingress` whose traffic comes to this node (VIP-04, VIP-05). */
  readonly loadBalancerIPs: readonly string[];
  /** As written: what is no range is no error (LB-03, LB-04). */
  readonly loadBalancerSourceRanges: readonly string[];
  readonly internalTrafficPolicy: TrafficPolicy;
  readonly externalTrafficPolicy: TrafficPolicy;
  readonly sessionAffinity: SessionAffinity;
  /** 1..86400; means something only with `sessionAffinity` ClientIP (SVC-13). */
  readonly affinityTimeoutSeconds: number;
  /** 0 is none. */
  readonly healthCheckNodePort: number;
}

export interface ServicePort {
  /** "" is the unnamed port. */
  readonly name: string;
  readonly protocol: Protocol;
  /** 1..65535 */
  readonly port: number;
  /** 0 is none (SVC-08). */
  readonly nodePort: number;
}

/** Which endpoints traffic may go to: all, or only those of the node that it arrives at. */
export type TrafficPolicy = 'Cluster' | 'Local';

export type SessionAffinity = 'None' | 'ClientIP';

/** discovery.k8s.io/v1 EndpointSlice. Source: staging/src/k8s.io/api/discovery/v1/types.go. */
export interface EndpointSlice {
  readonly kind: 'EndpointSlice';
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** "IPv4", "IPv6" or a type that a service proxy ignores (EP-03). */
  readonly addressType: string;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** A port of a slice. Without a name or a number it serves no service port (EP-04, EP-05). */
export interface EndpointPort {
  readonly name?: string;
  readonly protocol: Protocol;
  readonly port?: number;
}

export interface Endpoint {
  /** Only the first is used (EP-07), and only that one is sure to be canonical. */
  readonly addresses: readonly string[];
  /** Unset conditions are left out; EP-10 says what that means. */
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
  readonly nodeName?: string;
  /** Zones and nodes whose clients are meant to use it; left out where there are none (TOP-04). */
  readonly zoneHints?: readonly string[];
  readonly nodeHints?: readonly string[];
}

/** core/v1 Node. Source: staging/src/k8s.io/api/core/v1/types.go. */
export interface Node {
  readonly kind: 'Node';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly podCIDRs: readonly string[];
  /** `status.addresses` of type InternalIP, then ExternalIP, in the order of the object (NODE-03). */
  readonly addresses: readonly string[];
}

/** networking.k8s.io/v1 ServiceCIDR: ranges that cluster IPs are taken from (CIP-05). */
export interface ServiceCIDR {
  readonly kind: 'ServiceCIDR';
  readonly name: string;
  readonly cidrs: readonly string[];
}

export type ApiObject = Service | EndpointSlice | Node | ServiceCIDR;

export type Kind = ApiObject['kind'];

/** A change of one object, as a source reports it. `delete` carries the identity only. */
export type ObjectEvent =
  | { readonly type: 'put'; readonly object: ApiObject }
  | { readonly type: 'delete'; readonly kind: Kind; readonly namespace: string; readonly name: string };

/** How messages name an object: `Service shop/web`, `Node worker-a`. */
export function describeObject(object: { kind: Kind; namespace?: string; name: string }): string {
  const { kind, namespace, name } = object;
  return namespace === undefined || namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
