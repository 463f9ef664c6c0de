/** A pod as an endpoint. Source: staging/src/k8s.io/endpointslice/utils.go, podToEndpoint. */
import { canonicalAddress, familyOf } from '../../net/address.ts';
import type { ServiceObject } from '../services/service-object.ts';
import type { Endpoint, PodObject } from './objects.ts';

/** The pod's endpoint of an address family, or undefined if it has none. Zones come from the pod's Node. */
export function endpointOf(
  service: ServiceObject,
  pod: PodObject,
  family: string,
  zone: string | undefined,
): Endpoint | undefined {
  const address = pod.status?.podIPs?.find(({ ip }) => isOfFamily(ip, family))?.ip;
  if (address === undefined || isOver(pod)) return undefined;
  const serving = isReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const { nodeName, hostname } = pod.spec;
  const endpoint: Endpoint = {
    addresses: [address],
    conditions: { ready, serving, terminating },
    ...(hostname !== undefined && hasHostname(service, pod) ? { hostname } : {}),
    targetRef: targetOf(pod),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(zone === undefined ? {} : { zone }),
  };
  const hints = hintsOf(endpoint, service.spec.trafficDistribution);
  return hints === undefined ? endpoint : { ...endpoint, hints };
}

function isOfFamily(ip: string, family: string): boolean {
  return familyOf(ip) === family && canonicalAddress(ip) !== undefined;
}

/** Pods whose containers have ended for good have no endpoints, whatever addresses they still show. */
function isOver({ status }: PodObject): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function isReady({ status }: PodObject): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}

function hasHostname(service: ServiceObject, { spec }: PodObject): boolean {
  return spec.subdomain === service.metadata.name;
}

function targetOf({ metadata }: PodObject): NonNullable<Endpoint['targetRef']> {
  const { namespace, name, uid } = metadata;
  return {
    kind: 'Pod',
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(uid === undefined ? {} : { uid }),
  };
}

const CLOSE = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

/** Where traffic to a ready endpoint may come from. Source: staging/src/k8s.io/endpointslice/trafficdist/trafficdist.go. */
function hintsOf({ conditions, zone, nodeName }: Endpoint, distribution = ''): Endpoint['hints'] {
  if (!conditions.ready || !CLOSE.includes(distribution)) return undefined;
  const forZones = zone === undefined ? {} : { forZones: [{ name: zone }] };
  const isByNode = distribution === 'PreferSameNode' && nodeName !== undefined;
  const hints = { ...forZones, ...(isByNode ? { forNodes: [{ name: nodeName }] } : {}) };
  return Object.keys(hints).length === 0 ? undefined : hints;
}
