/** Services and their slices with all that a real cluster writes into them, used by the proxy or not. */
import { addressText } from '../../net/address.ts';

/** Nodes that the endpoints are spread over; the daemon runs on one of them. */
const NODES = 100;
const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];

export const BENCH_NAMESPACE = 'bench';
export const DAEMON_NODE = nodeName(0);

const FIRST_ENDPOINT = 0x0a800001; // 10.128.0.1, the first of 10.128.0.0/9
const WRITTEN_AT = '2026-01-01T00:00:00Z';

/** A Service with one TCP port. */
export function serviceManifest(service: number): object {
  const app = serviceName(service);
  return {
    metadata: { namespace: BENCH_NAMESPACE, name: app, labels: { app } },
    spec: { selector: { app }, ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }] },
  };
}

/** The only slice of a Service as the controller of a cluster writes it, with an endpoint for each number. */
export function sliceManifest(service: number, endpoints: readonly number[]) {
  return {
    metadata: sliceMetadata(service),
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    endpoints: endpoints.map((endpoint) => endpointOf(service, endpoint)),
  };
}

function sliceMetadata(service: number) {
  const app = serviceName(service);
  const owner = uidOf('50', service);
  return {
    namespace: BENCH_NAMESPACE,
    name: `${app}-x7k2p`,
    generateName: `${app}-`,
    labels: {
      app,
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      'kubernetes.io/service-name': app,
    },
    annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': WRITTEN_AT },
    ownerReferences: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        name: app,
        uid: owner,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
    managedFields: [managedFieldsOf(owner)],
  };
}

function endpointOf(service: number, endpoint: number) {
  const name = `${serviceName(service)}-5d9c7b8f6-${endpoint.toString(36).padStart(5, '0')}`;
  return {
    addresses: [addressText([FIRST_ENDPOINT + endpoint])],
    conditions: { ready: true, serving: true, terminating: false },
    targetRef: { kind: 'Pod', namespace: BENCH_NAMESPACE, name, uid: uidOf('70', endpoint) },
    nodeName: nodeName(endpoint % NODES),
    zone: ZONES[endpoint % ZONES.length],
  };
}

/** Who wrote which fields. Endpoints are one field in it, so it is as long for many as for few. */
function managedFieldsOf(owner: string) {
  return {
    manager: 'kube-controller-manager',
    operation: 'Update',
    apiVersion: 'discovery.k8s.io/v1',
    time: WRITTEN_AT,
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:addressType': {},
      'f:endpoints': {},
      'f:metadata': {
        'f:annotations': { '.': {}, 'f:endpoints.kubernetes.io/last-change-trigger-time': {} },
        'f:generateName': {},
        'f:labels': {
          '.': {},
          'f:app': {},
          'f:endpointslice.kubernetes.io/managed-by': {},
          'f:kubernetes.io/service-name': {},
        },
        'f:ownerReferences': { '.': {}, [`k:{"uid":"${owner}"}`]: {} },
      },
      'f:ports': {},
    },
  };
}

function serviceName(service: number): string {
  return `service-${service}`;
}

function nodeName(node: number): string {
  return `worker-${node}`;
}

/** The form of a UUID, one for each number. */
export function uidOf(prefix: string, number: number): string {
  return `${prefix}a1b2c3-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}
