import { decodeObject } from '../../api/decode.ts';
import type { ObjectEvent } from '../../api/objects.ts';
import { clusterIPOf, endpointAddress, nodePortOf, SERVER_PORT, SERVICE_PORT } from './addresses.ts';

export const THIS_NODE = 'worker-0';

/** Nodes that the endpoints are spread over; this node is one of them. */
const NODES = 100;

export interface ClusterSize {
  readonly services: number;
  /** Of each service. */
  readonly endpoints: number;
}

/** Everything that exists, as the first event of a watch: each service has a port for TCP and one for UDP. */
export function clusterEvents(size: ClusterSize, nodeAddress: string): ObjectEvent[] {
  const services = Array.from({ length: size.services }, (_, service) => service);
  return [
    received(nodeManifest(nodeAddress)),
    ...services.map((service) => received(serviceManifest(service, size))),
    ...services.map((service) => received(sliceManifest(service, size))),
  ];
}

function nodeManifest(address: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: THIS_NODE, labels: {} },
    spec: {},
    status: { addresses: [{ type: 'InternalIP', address }] },
  };
}

function serviceManifest(service: number, { services }: ClusterSize): object {
  const nodePort = nodePortOf(service, services);
  const port = { port: SERVICE_PORT, targetPort: SERVER_PORT, ...(nodePort && { nodePort }) };
  const clusterIP = clusterIPOf(service);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'bench', name: serviceName(service) },
    spec: {
      type: nodePort === undefined ? 'ClusterIP' : 'NodePort',
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ports: [
        { name: 'tcp', protocol: 'TCP', ...port },
        { name: 'udp', protocol: 'UDP', ...port },
      ],
    },
  };
}

function sliceManifest(service: number, { endpoints }: ClusterSize): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace: 'bench',
      name: `${serviceName(service)}-x7k2p`,
      labels: { 'kubernetes.io/service-name': serviceName(service) },
    },
    addressType: 'IPv4',
    ports: [
      { name: 'tcp', protocol: 'TCP', port: SERVER_PORT },
      { name: 'udp', protocol: 'UDP', port: SERVER_PORT },
    ],
    endpoints: Array.from({ length: endpoints }, (_, index) => {
      const endpoint = service * endpoints + index;
      return {
        addresses: [endpointAddress(endpoint)],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: `worker-${endpoint % NODES}`,
      };
    }),
  };
}

function serviceName(service: number): string {
  return `service-${service}`;
}

function received(manifest: object): ObjectEvent {
  const decoded = decodeObject(manifest);
  if (!('object' in decoded)) throw new Error(`cannot decode ${JSON.stringify(manifest)}`);
  return { type: 'put', object: decoded.object };
}
