import { decodeObject } from '../../api/decode.ts';
import type { ObjectEvent } from '../../api/objects.ts';
import { addressText } from '../../net/address.ts';

/** Nodes that the endpoints are spread over; this node is one of them. */
const NODES = 100;

const NAMESPACE = 'bench';

export const THIS_NODE = nodeName(0);

const FIRST_CLUSTER_IP = 0x0a600001; // 10.96.0.1, the first of 10.96.0.0/12
const FIRST_ENDPOINT = 0x0a800001; // 10.128.0.1, the first of 10.128.0.0/9

/** How many services and endpoint addresses there are room for. */
export const MAX_SERVICES = 2 ** 20 - 2;
export const MAX_ADDRESSES = 2 ** 23 - 2;

/** The event of a Service with one TCP port and a cluster IP of its own. */
export function serviceEvent(service: number): ObjectEvent {
  const clusterIP = addressText([FIRST_CLUSTER_IP + service]);
  return received({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: NAMESPACE, name: serviceName(service), labels: { app: serviceName(service) } },
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }],
    },
  });
}

/** The event of a slice of a Service, with an endpoint for each number of `endpoints`. Most Services have only one. */
export function sliceEvent(service: number, endpoints: readonly number[], slice = 0): ObjectEvent {
  return received({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace: NAMESPACE,
      name: sliceName(service, slice),
      labels: { app: serviceName(service), 'kubernetes.io/service-name': serviceName(service) },
    },
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    endpoints: endpoints.map((endpoint) => ({
      addresses: [addressText([FIRST_ENDPOINT + endpoint])],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: nodeName(endpoint % NODES),
    })),
  });
}

/** The events of a Service and its slices going away. */
export function goneEvents(service: number, slices = 1): ObjectEvent[] {
  const gone = Array.from(
    { length: slices },
    (_, slice): ObjectEvent => ({
      type: 'delete',
      kind: 'EndpointSlice',
      namespace: NAMESPACE,
      name: sliceName(service, slice),
    }),
  );
  return [...gone, { type: 'delete', kind: 'Service', namespace: NAMESPACE, name: serviceName(service) }];
}

function sliceName(service: number, slice: number): string {
  return `${serviceName(service)}-x7k2${slice}`;
}

function serviceName(service: number): string {
  return `service-${service}`;
}

function nodeName(node: number): string {
  return `worker-${node}`;
}

/** As an event comes to the daemon: parsed from text and decoded, so that strings and shapes are those of real use. */
function received(manifest: object): ObjectEvent {
  const decoded = decodeObject(JSON.parse(JSON.stringify(manifest)));
  if (!('object' in decoded)) throw new Error(`cannot decode ${JSON.stringify(manifest)}`);
  return { type: 'put', object: decoded.object };
}
