/** A Service with all kinds of frontends and a few pods, told in short. */
import type {
  RawEndpoint,
  RawEndpointPort,
  RawEndpointSlice,
  RawIngress,
  RawService,
  RawServiceSpec,
  Situation,
  SituationConfig,
  SituationNode,
} from '../reference/situation.ts';

/** What differs from the usual: Service `shop/web` with a port `http`, pods A here and B on another node, both ready. */
export interface Story {
  readonly spec?: RawServiceSpec;
  readonly metadata?: Partial<RawService['metadata']>;
  readonly ingress?: readonly RawIngress[];
  /** Of the one slice that there is. */
  readonly endpoints?: readonly RawEndpoint[];
  readonly slices?: readonly RawEndpointSlice[];
  /** More Services. */
  readonly services?: readonly RawService[];
  readonly node?: Partial<SituationNode>;
  readonly config?: SituationConfig;
  readonly serviceCIDRs?: readonly string[];
}

/** Pods A and D run on the node under test in zone-1, B and C on others. H is the node itself. */
export const PODS = {
  A: { address: '10.64.1.31', nodeName: 'worker-a' },
  B: { address: '10.64.2.31', nodeName: 'worker-b' },
  C: { address: '10.64.3.31', nodeName: 'worker-c' },
  D: { address: '10.64.1.32', nodeName: 'worker-a' },
  H: { address: '192.0.2.11', nodeName: 'worker-a' },
} as const;

type PodName = keyof typeof PODS;

/** Every kind of frontend that the usual Service has. */
export const FRONTENDS = ['clusterIP', 'nodePort', 'externalIP', 'vip'] as const;

/** An endpoint on a pod; ready unless `conditions` or `more` says otherwise. */
export function on(
  pod: PodName,
  conditions: RawEndpoint['conditions'] = { ready: true, serving: true, terminating: false },
  more: Partial<RawEndpoint> = {},
): RawEndpoint {
  const { address, nodeName } = PODS[pod];
  return { addresses: [address], conditions, nodeName, ...more };
}

export const UNREADY = { ready: false, serving: false, terminating: false } as const;
export const DRAINING = { ready: false, serving: true, terminating: true } as const;
export const GONE = { ready: false, serving: false, terminating: true } as const;

/** A hint for zones and one for nodes; an empty list is none. */
export function hinted(zones: readonly string[], nodes: readonly string[] = []): Partial<RawEndpoint> {
  const names = (list: readonly string[]) => list.map((name) => ({ name }));
  return { hints: { forZones: names(zones), forNodes: names(nodes) } };
}

/** An endpoint whose node is not named. */
export function nameless(pod: PodName): RawEndpoint {
  const { nodeName: _, ...endpoint } = on(pod);
  return endpoint;
}

export function slice(
  endpoints: readonly RawEndpoint[],
  more: Partial<RawEndpointSlice> = {},
): RawEndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'shop', name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints,
    ports: [HTTP],
    ...more,
  };
}

export const HTTP: RawEndpointPort = { name: 'http', protocol: 'TCP', port: 8080 };

export function service(
  spec: RawServiceSpec = {},
  metadata: Partial<RawService['metadata']> = {},
  ingress: readonly RawIngress[] = [{ ip: '198.51.100.10' }],
): RawService {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'web', ...metadata },
    spec: {
      type: 'LoadBalancer',
      clusterIP: '10.112.0.10',
      clusterIPs: ['10.112.0.10'],
      ipFamilies: ['IPv4'],
      ports: [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30080 }],
      externalIPs: ['198.18.5.10'],
      ...spec,
    },
    status: { loadBalancer: { ingress } },
  };
}

export function situationOf(story: Story): Situation {
  const { endpoints = [on('A'), on('B')], services = [], node, config } = story;
  return {
    node: {
      name: 'worker-a',
      ips: ['192.0.2.11', '192.0.2.211'],
      podCIDRs: ['10.64.1.0/24'],
      labels: { 'topology.kubernetes.io/zone': 'zone-1' },
      ...node,
    },
    config: config ?? { clusterCIDR: '10.64.0.0/16' },
    serviceCIDRs: story.serviceCIDRs ?? ['10.112.0.0/16'],
    services: [service(story.spec, story.metadata, story.ingress), ...services],
    endpointSlices: story.slices ?? [slice(endpoints)],
  };
}
