import type {
  Family,
  RawEndpoint,
  RawEndpointPort,
  RawEndpointSlice,
  RawHints,
  RawService,
} from '../situation.ts';
import { NODES, PLAN } from './address-plan.ts';
import type { Random } from './random.ts';
import { randomSpelling } from './spelling.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';

/** The EndpointSlices of a Service, and now and then some that are not meant to count. */
export function randomSlices(
  random: Random,
  service: RawService,
  families: readonly Family[],
): RawEndpointSlice[] {
  return families.flatMap((family) => {
    const pods = randomEndpoints(random, family);
    return Array.from({ length: random.pick([0, 1, 1, 1, 1, 2, 2, 3]) }, (_, index) => {
      const name = `${service.metadata.namespace}-${service.metadata.name}-${family.toLowerCase()}-${index}`;
      return randomSlice(random, name, service, family, pods);
    });
  });
}

function randomSlice(
  random: Random,
  name: string,
  { metadata, spec }: RawService,
  family: Family,
  pods: readonly RawEndpoint[],
): RawEndpointSlice {
  const isFqdn = random.chance(0.02); // EP-03
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace: random.chance(0.03) ? 'elsewhere' : metadata.namespace,
      name,
      labels: randomLabels(random, metadata.name),
    },
    addressType: isFqdn ? 'FQDN' : family,
    endpoints: isFqdn ? [{ addresses: ['db.example.net'] }] : endpointsOfSlice(random, pods),
    ports: randomPorts(random, spec.ports ?? []),
  };
}

/** EP-01, EP-02, EP-14 */
function randomLabels(random: Random, service: string): Record<string, string> {
  const managed = { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' };
  if (random.chance(0.9)) return { [SERVICE_NAME]: service, ...managed };
  return random.pick<Record<string, string>>([
    managed,
    { [SERVICE_NAME]: '' },
    { [SERVICE_NAME]: 'unheard-of' },
    { [SERVICE_NAME]: service, 'service.kubernetes.io/headless': '' },
  ]);
}

/** EP-04 to EP-06, EP-13 */
function randomPorts(random: Random, ports: RawService['spec']['ports'] = []): RawEndpointPort[] {
  const offset = random.pick([8000, 8000, 8000, 9000]);
  const wanted = random.some(ports, 0.92).map(({ name = '', protocol = 'TCP', port }): RawEndpointPort => {
    if (random.chance(0.94)) return { name, protocol, port: port + offset };
    return random.pick<RawEndpointPort>([
      { name, protocol },
      { name, protocol, port: 0 },
      { protocol, port: port + offset },
      { name, protocol: protocol === 'TCP' ? 'UDP' : 'TCP', port: port + offset },
      { name: `${name}x`, protocol, port: port + offset },
    ]);
  });
  return [
    ...wanted,
    ...random.some<RawEndpointPort>([{ name: 'metrics', protocol: 'TCP', port: 9100 }], 0.1),
  ];
}

/** All endpoints of a Service in a family; its slices hold some of them each, so that they share some (EP-11). */
function randomEndpoints(random: Random, family: Family): RawEndpoint[] {
  const plan = PLAN[family];
  const hosts = random.sample([30, 31, 32, 33, 34], random.pick([0, 1, 2, 2, 3, 3]));
  const onNode = (node: number, probability: number) =>
    random.some(hosts, probability).map((host) => ({ address: plan.pod(node, host), node }));
  const places = [
    ...onNode(0, 0.7),
    ...onNode(1, 0.6),
    ...onNode(2, 0.3),
    ...random.some([{ address: plan.nodeAddresses[0], node: 0 }], 0.1),
    ...random.some([{ address: plan.nodeAddresses[1], node: 0 }], 0.03),
    ...random.some([{ address: plan.otherNode, node: 1 }], 0.1),
  ];
  const hints = randomHinting(random);
  const mood = random.pick(['ready', 'ready', 'mixed', 'mixed', 'leaving'] as const);
  return places.map(({ address, node }) => {
    const nodeName = random.chance(0.9) ? NODES[node] : random.pick([undefined, 'worker-b']);
    const second = plan.pod(2, 250);
    return {
      addresses: [randomSpelling(random, address), ...random.some([second], 0.03)], // EP-07
      ...randomConditions(random, mood),
      ...(nodeName !== undefined && { nodeName, zone: `zone-${node + 1}` }),
      ...hints(node),
    };
  });
}

type Mood = 'ready' | 'mixed' | 'leaving';

/** EP-10, SEL-05, SEL-06 */
function randomConditions(random: Random, mood: Mood): Pick<RawEndpoint, 'conditions'> {
  const usual = { ready: true, serving: true, terminating: false };
  const starting = { ready: false, serving: false, terminating: false };
  const draining = { ready: false, serving: true, terminating: true };
  const gone = { ready: false, serving: false, terminating: true };
  const published = { ready: true, serving: false, terminating: true };
  switch (mood) {
    case 'ready':
      return random.chance(0.1) ? {} : { conditions: usual };
    case 'mixed': {
      const partly = Object.fromEntries(
        random.some(Object.entries(random.pick([usual, draining, gone])), 0.7),
      );
      return { conditions: random.pick([usual, starting, draining, gone, published, partly, {}]) };
    }
    case 'leaving':
      return { conditions: random.pick([draining, draining, gone, starting, { ready: false }]) };
  }
}

/** TOP-01 to TOP-08: no hints, the controller's own, or anything. */
function randomHinting(random: Random): (node: number) => { hints?: RawHints } {
  const ownZone = (node: number) => [{ name: `zone-${node + 1}` }];
  const ownNode = (node: number) => [{ name: NODES[node] ?? 'worker-z' }];
  const anyZones = () => random.some([{ name: 'zone-1' }, { name: 'zone-2' }], 0.6);
  const anyNodes = () => random.some([{ name: NODES[0] }, { name: NODES[1] }], 0.6);
  switch (random.below(8)) {
    case 0:
      return (node) => ({ hints: { forZones: ownZone(node) } });
    case 1:
      return (node) => ({ hints: { forZones: ownZone(node), forNodes: ownNode(node) } });
    case 2:
      return () => ({ hints: { forZones: anyZones(), forNodes: anyNodes() } });
    case 3:
      return () => (random.chance(0.3) ? {} : { hints: { forZones: anyZones() } });
    default:
      return () => ({});
  }
}

/** Some of the endpoints, now and then as they were or will be when they terminate (EP-11). */
function endpointsOfSlice(random: Random, pods: readonly RawEndpoint[]): RawEndpoint[] {
  return random.some(pods, 0.8).flatMap((pod) => {
    const isTerminating = pod.conditions?.terminating ?? false;
    if (isTerminating || random.chance(0.95)) return [pod];
    const terminating = { ...pod, conditions: { ready: false, serving: true, terminating: true } };
    return random.pick([[pod, pod], [terminating], [terminating, pod], [pod, terminating]]);
  });
}
