import { stringify } from 'yaml';
import type { Host, Network } from './network.ts';

/** What the lab's cluster consists of, as plain values, and its manifests. */

export const LAB_FAMILIES = ['IPv4', 'IPv6'] as const;

export type LabFamily = (typeof LAB_FAMILIES)[number];

export interface LabService {
  readonly namespace: string;
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly IPv4: string;
  readonly IPv6: string;
  readonly port: number;
  readonly targetPort: number;
  /** Names of the pods behind it. */
  readonly pods: readonly string[];
  /** What makes it more than a ClusterIP Service. */
  readonly external?: {
    readonly nodePort: number;
    /** Addresses that a load balancer gave it; the node has none of them. */
    readonly loadBalancer: Readonly<Record<LabFamily, string>>;
    readonly trafficPolicy: 'Cluster' | 'Local';
  };
  /** Seconds that a client keeps its pod. */
  readonly affinity?: number;
}

export const POD_COUNT = 4;
export const NODE_NAME = 'lab-node';

export const WEB: LabService = {
  namespace: 'shop',
  name: 'web',
  protocol: 'TCP',
  IPv4: '10.96.0.80',
  IPv6: 'fd00:10:96::80',
  port: 80,
  targetPort: 8080,
  pods: ['pod-1', 'pod-2', 'pod-3'],
  external: {
    nodePort: 30080,
    loadBalancer: { IPv4: '198.51.100.80', IPv6: '2001:db8:51::80' },
    trafficPolicy: 'Cluster',
  },
};

/** The same pods for clients whose address they want to see, each client with a pod of its own. */
export const BASKET: LabService = {
  ...WEB,
  name: 'basket',
  IPv4: '10.96.0.81',
  IPv6: 'fd00:10:96::81',
  external: {
    nodePort: 30081,
    loadBalancer: { IPv4: '198.51.100.81', IPv6: '2001:db8:51::81' },
    trafficPolicy: 'Local',
  },
  affinity: 10_800,
};

export const DNS: LabService = {
  namespace: 'kube-system',
  name: 'dns',
  protocol: 'UDP',
  IPv4: '10.96.0.10',
  IPv6: 'fd00:10:96::10',
  port: 53,
  targetPort: 5353,
  pods: ['pod-3', 'pod-4'],
};

export const EMPTY: LabService = {
  namespace: 'shop',
  name: 'no-endpoints',
  protocol: 'TCP',
  IPv4: '10.96.0.99',
  IPv6: 'fd00:10:96::99',
  port: 80,
  targetPort: 8080,
  pods: [],
};

export const SERVICES: readonly LabService[] = [WEB, BASKET, DNS, EMPTY];

/** The manifest of the node: its name is the daemon's --hostname-override. */
export function nodeManifest({ node }: Network): string {
  const addresses = [node.IPv4, node.IPv6].map((address) => ({ type: 'InternalIP', address }));
  return stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE_NAME }, status: { addresses } });
}

/** The manifest of a service: the Service, and an EndpointSlice for each family with the pods behind it. */
export function serviceManifest(service: LabService, network: Network): string {
  const pods = network.pods.filter((pod) => service.pods.includes(pod.name));
  const slices = LAB_FAMILIES.map((family) => sliceObject(service, family, pods));
  return [serviceObject(service), ...slices].map((object) => stringify(object)).join('---\n');
}

function serviceObject(service: LabService): object {
  const { namespace, name, protocol, IPv4, IPv6, port, targetPort, external, affinity } = service;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
    spec: {
      type: external === undefined ? 'ClusterIP' : 'LoadBalancer',
      clusterIP: IPv4,
      clusterIPs: [IPv4, IPv6],
      ipFamilies: LAB_FAMILIES,
      ports: [{ name: 'main', protocol, port, targetPort, ...(external && { nodePort: external.nodePort }) }],
      ...(external && { externalTrafficPolicy: external.trafficPolicy }),
      ...(affinity !== undefined && {
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: affinity } },
      }),
    },
    ...(external && {
      status: {
        loadBalancer: { ingress: LAB_FAMILIES.map((family) => ({ ip: external.loadBalancer[family] })) },
      },
    }),
  };
}

function sliceObject(service: LabService, family: LabFamily, pods: readonly Host[]): object {
  const { namespace, name, protocol, targetPort } = service;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace,
      name: `${name}-${family.toLowerCase()}`,
      labels: { 'kubernetes.io/service-name': name },
    },
    addressType: family,
    ports: [{ name: 'main', protocol, port: targetPort }],
    endpoints: pods.map((pod) => ({
      addresses: [pod[family]],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: NODE_NAME,
    })),
  };
}
