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

export const SERVICES: readonly LabService[] = [WEB, DNS, EMPTY];

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

function serviceObject({ namespace, name, protocol, IPv4, IPv6, port, targetPort }: LabService): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
    spec: {
      type: 'ClusterIP',
      clusterIP: IPv4,
      clusterIPs: [IPv4, IPv6],
      ipFamilies: LAB_FAMILIES,
      ports: [{ name: 'main', protocol, port, targetPort }],
    },
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
