import type { RawEndpoint, RawEndpointSlice, RawService, RawServiceSpec, Situation } from '../situation.ts';
import type { Random } from './random.ts';

/**
 * A cluster that may have been there before `now` came to be: some objects alike, some a little different, some with
 * all of another's contents, some not there yet, and some of `other` that are gone by now.
 */
export function earlierCluster(random: Random, now: Situation, other: Situation): Situation {
  const { node, serviceCIDRs } = random.chance(0.5) ? now : other;
  return {
    node: { ...node, name: now.node.name },
    config: now.config,
    ...(serviceCIDRs && { serviceCIDRs }),
    services: earlier(random, now.services, other.services, tweakedService),
    endpointSlices: earlier(random, now.endpointSlices, other.endpointSlices, tweakedSlice),
  };
}

interface RawObject {
  readonly metadata: { readonly namespace: string; readonly name: string };
}

function earlier<Item extends RawObject>(
  random: Random,
  now: readonly Item[],
  other: readonly Item[],
  tweaked: (random: Random, item: Item) => Item,
): Item[] {
  const altered = now.flatMap((item): Item[] => {
    const model = random.pick(other);
    const kind = random.below(8);
    if (kind === 0) return [];
    if (kind === 1 && model !== undefined) return [{ ...model, metadata: item.metadata }];
    return kind <= 4 ? [tweaked(random, item)] : [item];
  });
  const taken = new Set(now.map(identity));
  return [...altered, ...other.filter((item) => !taken.has(identity(item)))];
}

function identity({ metadata }: RawObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function tweakedService(random: Random, service: RawService): RawService {
  const { spec } = service;
  const ports = spec.ports ?? [];
  const shiftedPorts = ports.map((port) => ({ ...port, port: port.port + 9 }));
  const shiftedNodePorts = ports.map((port) =>
    port.nodePort ? { ...port, nodePort: port.nodePort + 9 } : port,
  );
  const { loadBalancerSourceRanges: _, externalIPs: __, ...bare } = spec;
  const clusterIPs = (spec.clusterIPs ?? []).map((address) => address.replace(/(?<=[.:]\w*)\w$/, '9'));
  const other = (policy: string | undefined) => (policy === 'Local' ? 'Cluster' : 'Local');
  const change = random.pick<RawServiceSpec>([
    { ports: shiftedPorts },
    { ports: shiftedNodePorts },
    { ports: ports.map((port) => ({ ...port, name: `${port.name ?? ''}y` })) },
    { internalTrafficPolicy: other(spec.internalTrafficPolicy) },
    { externalTrafficPolicy: other(spec.externalTrafficPolicy) },
    { sessionAffinity: spec.sessionAffinity === 'None' ? 'ClientIP' : 'None' },
    { externalIPs: ['198.18.5.77', '2001:db8:e1::77'] },
    { loadBalancerSourceRanges: ['203.0.113.200/32', '2001:db8:ffff::c8/128'] },
    { sessionAffinityConfig: { clientIP: { timeoutSeconds: 77 } } },
    {
      clusterIP: clusterIPs[0] ?? '',
      clusterIPs,
    },
    { clusterIP: 'None', clusterIPs: ['None'] },
  ]);
  if (random.chance(0.15)) return { ...service, spec: bare, status: {} };
  return { ...service, spec: { ...spec, ...change } };
}

function tweakedSlice(random: Random, slice: RawEndpointSlice): RawEndpointSlice {
  const { endpoints = [], ports = [] } = slice;
  const changed = (change: (endpoint: RawEndpoint) => RawEndpoint) =>
    endpoints.map((endpoint) => (random.chance(0.5) ? change(endpoint) : endpoint));
  const change = random.pick<Partial<RawEndpointSlice>>([
    { endpoints: random.some(endpoints, 0.5) },
    { endpoints: changed((it) => ({ ...it, conditions: { ready: it.conditions?.ready === false } })) },
    { endpoints: changed((it) => ({ ...it, conditions: { ready: false, terminating: true } })) },
    { endpoints: changed((it) => ({ ...it, hints: { forZones: [{ name: 'zone-1' }] } })) },
    { endpoints: changed(({ hints: _, ...it }) => it) },
    { endpoints: changed(({ nodeName: _, ...it }) => it) },
    { ports: ports.map((port) => ({ ...port, port: 7777 })) },
    { ports: ports.slice(1) },
    { metadata: { ...slice.metadata, labels: { 'kubernetes.io/service-name': 'mail' } } },
  ]);
  return { ...slice, ...change };
}
