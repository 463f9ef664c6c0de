import type { Service } from '../api/objects.ts';
import { type Cidr, type Family, familyOf, parseCidr } from '../net/address.ts';
import { cidrText } from '../net/cidr.ts';

export type TrafficPolicy = 'Cluster' | 'Local';

/** What a Service says about all of its ports, as far as it concerns one family (DUAL-03). */
export interface ServiceTraits {
  /** Canonical and unique. */
  readonly externalIPs: readonly string[];
  /** Load-balancer addresses that traffic still carries when it gets to a node (VIP-04, VIP-05). */
  readonly loadBalancerIPs: readonly string[];
  /** Sources that may use the load-balancer addresses; empty is everybody (LB-01 to LB-04). */
  readonly sourceRanges: readonly Cidr[];
  readonly internalPolicy: TrafficPolicy;
  /** `Cluster` where ETP-06 has it ignored. */
  readonly externalPolicy: TrafficPolicy;
  /** Seconds since its last new connection that a client keeps its endpoint; undefined is no affinity (AFF-05). */
  readonly affinitySeconds: number | undefined;
  /** 0 is no listener (HC-01). */
  readonly healthCheckNodePort: number;
}

/** Of a Service that says nothing special, as most do: all of them share this object. */
const PLAIN: ServiceTraits = {
  externalIPs: [],
  loadBalancerIPs: [],
  sourceRanges: [],
  internalPolicy: 'Cluster',
  externalPolicy: 'Cluster',
  affinitySeconds: undefined,
  healthCheckNodePort: 0,
};

export function traitsOf(service: Service, family: Family): ServiceTraits {
  if (isPlain(service)) return PLAIN;
  const externalPolicy = externalPolicyOf(service);
  const isChecked = service.type === 'LoadBalancer' && externalPolicy === 'Local';
  return {
    externalIPs: ofFamily(service.externalIPs, family),
    loadBalancerIPs: ofFamily(service.loadBalancerIPs, family),
    sourceRanges: sourceRangesOf(service.loadBalancerSourceRanges, family),
    internalPolicy: service.internalTrafficPolicy,
    externalPolicy,
    affinitySeconds: service.sessionAffinity === 'ClientIP' ? service.affinityTimeoutSeconds : undefined,
    healthCheckNodePort: isChecked ? service.healthCheckNodePort : 0,
  };
}

function isPlain(service: Service): boolean {
  return (
    service.type === 'ClusterIP' &&
    service.internalTrafficPolicy === 'Cluster' &&
    service.sessionAffinity === 'None' &&
    service.externalIPs.length === 0 &&
    service.loadBalancerIPs.length === 0 &&
    service.loadBalancerSourceRanges.length === 0
  );
}

/** A ClusterIP Service has external traffic only through external IPs (ETP-05, ETP-06). */
function externalPolicyOf(service: Service): TrafficPolicy {
  const isIgnored = service.type === 'ClusterIP' && service.externalIPs.length === 0;
  return isIgnored ? 'Cluster' : service.externalTrafficPolicy;
}

function ofFamily(addresses: readonly string[], family: Family): readonly string[] {
  if (addresses.length === 0) return addresses;
  return [...new Set(addresses.filter((address) => familyOf(address) === family))];
}

/** The ranges of a family; none if one of them is everybody (LB-02) or none is of the family (LB-03). */
function sourceRangesOf(texts: readonly string[], family: Family): readonly Cidr[] {
  const ranges: Cidr[] = [];
  for (const text of texts) {
    const cidr = parseCidr(text.trim());
    if (cidr?.family !== family) continue;
    if (cidr.prefixLength === 0) return [];
    ranges.push(cidr);
  }
  return ranges;
}

export function sameTraits(a: ServiceTraits, b: ServiceTraits): boolean {
  return (
    a.internalPolicy === b.internalPolicy &&
    a.externalPolicy === b.externalPolicy &&
    a.affinitySeconds === b.affinitySeconds &&
    a.healthCheckNodePort === b.healthCheckNodePort &&
    sameList(a.externalIPs, b.externalIPs) &&
    sameList(a.loadBalancerIPs, b.loadBalancerIPs) &&
    sameList(a.sourceRanges.map(cidrText), b.sourceRanges.map(cidrText))
  );
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
