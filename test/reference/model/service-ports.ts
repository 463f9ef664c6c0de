/** Services to service ports of one family: sections 1, 5, 8 and 9 of the spec. */
import type { Family, RawService, RawServicePort, Situation } from '../situation.ts';
import { addressesOf, canonical, familyOf, isEverything, isInAny, rangesOf } from './addresses.ts';
import type { NodeView } from './node-view.ts';

/** SVC-06: the unit of everything, in one family. */
export interface ServicePort {
  readonly namespace: string;
  readonly service: string;
  /** SVC-06; "" is the unnamed port. */
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly clusterIP: string;
  readonly port: number;
  /** 0 = none (SVC-08). */
  readonly nodePort: number;
  readonly externalIPs: readonly string[];
  readonly vips: readonly string[];
  readonly isInternalLocal: boolean;
  readonly isExternalLocal: boolean;
  /** Undefined = no affinity. */
  readonly affinitySeconds: number | undefined;
  /** 0 = no health check (HC-01). */
  readonly healthCheckNodePort: number;
  /** Whether the source ranges let a source through to a VIP. */
  admitsToVip(source: string): boolean;
}

export function servicePorts(situation: Situation, family: Family, node: NodeView): ServicePort[] {
  return situation.services.flatMap((service) => {
    const clusterIP = isHandled(service) ? clusterIPOf(service, family) : undefined;
    if (clusterIP === undefined) return [];
    return (service.spec.ports ?? []).map((port) => servicePort(service, port, clusterIP, family, node));
  });
}

/** SVC-01 to SVC-04; SVC-11: a deletion time does not matter. */
function isHandled({ metadata, spec }: RawService): boolean {
  const isForeign = 'service.kubernetes.io/service-proxy-name' in (metadata.labels ?? {});
  return !isForeign && spec.clusterIP !== 'None' && spec.type !== 'ExternalName';
}

/** SVC-05 */
function clusterIPOf({ spec }: RawService, family: Family): string | undefined {
  const families = spec.ipFamilies ?? [];
  const text = families.length === 0 ? spec.clusterIP : spec.clusterIPs?.[families.indexOf(family)];
  const address = canonical(text ?? '');
  return address !== undefined && familyOf(address) === family ? address : undefined;
}

function servicePort(
  { metadata, spec, status }: RawService,
  { name, protocol, port, nodePort }: RawServicePort,
  clusterIP: string,
  family: Family,
  node: NodeView,
): ServicePort {
  const vips = vipsOf(status?.loadBalancer?.ingress ?? [], family);
  const isExternalLocal = hasExternalPolicy(spec) && spec.externalTrafficPolicy === 'Local';
  return {
    namespace: metadata.namespace,
    service: metadata.name,
    name: name ?? '',
    protocol: protocol ?? 'TCP',
    clusterIP,
    port,
    nodePort: nodePort ?? 0,
    externalIPs: addressesOf(family, spec.externalIPs ?? []), // VIP-03
    vips,
    isInternalLocal: spec.internalTrafficPolicy === 'Local', // ITP-03
    isExternalLocal,
    affinitySeconds: affinityOf(spec),
    healthCheckNodePort:
      spec.type === 'LoadBalancer' && isExternalLocal ? (spec.healthCheckNodePort ?? 0) : 0,
    admitsToVip: admission(spec.loadBalancerSourceRanges ?? [], vips, family, node),
  };
}

/** VIP-04, VIP-05, VIP-06 */
function vipsOf(ingress: readonly { ip?: string; ipMode?: string }[], family: Family): string[] {
  const virtual = ingress.filter(({ ipMode }) => ipMode === undefined || ipMode === 'VIP');
  return addressesOf(
    family,
    virtual.flatMap(({ ip }) => ip ?? []),
  );
}

/** ETP-05, ETP-06 */
function hasExternalPolicy(spec: RawService['spec']): boolean {
  if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') return true;
  return (spec.externalIPs ?? []).length > 0;
}

/** SVC-13 */
function affinityOf(spec: RawService['spec']): number | undefined {
  if (spec.sessionAffinity !== 'ClientIP') return undefined;
  return spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10800;
}

function admission(
  texts: readonly string[],
  vips: readonly string[],
  family: Family,
  node: NodeView,
): (source: string) => boolean {
  const ranges = rangesOf(family, texts); // LB-03, LB-04, LB-10
  if (ranges.length === 0 || ranges.some(isEverything)) return () => true; // LB-02, LB-03
  const { primaryAddress } = node;
  const admitsVips = primaryAddress !== undefined && isInAny(ranges, primaryAddress); // LB-05
  return (source) => isInAny(ranges, source) || (admitsVips && vips.includes(source)); // LB-01, LB-06
}
