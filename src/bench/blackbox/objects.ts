/**
 * The objects of the cluster. Services have no selector and slices no owner: the controllers of a real cluster leave them
 * alone.
 */
import { endpointAddress, SERVICE_PORT, TARGET_PORT } from './cluster-plan.ts';

export const NAMESPACE = 'nodeplane-bench';

/** The node that the daemon runs for. */
export const NODE = 'nodeplane-bench-node';
export const NODE_ADDRESS = '192.0.2.10';

/** Nodes that the endpoints are spread over; one of them is ours. */
const NODES = 100;

const LABELS = { app: NAMESPACE };

export function namespaceObject() {
  return { metadata: { name: NAMESPACE, labels: LABELS } };
}

/** Unschedulable: nobody is to run anything there. */
export function nodeObject() {
  return {
    metadata: { name: NODE, labels: { 'kubernetes.io/hostname': NODE, ...LABELS } },
    spec: { unschedulable: true, podCIDR: '10.255.0.0/24', podCIDRs: ['10.255.0.0/24'] },
    status: { addresses: [{ type: 'InternalIP', address: NODE_ADDRESS }] },
  };
}

export function serviceName(service: number): string {
  return `service-${service}`;
}

export function serviceObject(service: number) {
  return {
    metadata: { namespace: NAMESPACE, name: serviceName(service), labels: LABELS },
    spec: { ports: [{ name: 'http', protocol: 'TCP', port: SERVICE_PORT, targetPort: TARGET_PORT }] },
  };
}

/** The only slice of a service, with an endpoint for each number. */
export function sliceObject(service: number, endpoints: readonly number[]) {
  const name = serviceName(service);
  return {
    metadata: {
      namespace: NAMESPACE,
      name,
      labels: {
        ...LABELS,
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': 'nodeplane-bench',
      },
    },
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: TARGET_PORT }],
    endpoints: endpoints.map((endpoint) => ({
      addresses: [endpointAddress(endpoint)],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: endpoint % NODES === 0 ? NODE : `worker-${endpoint % NODES}`,
    })),
  };
}
