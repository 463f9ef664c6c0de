import { FieldErrors } from '../../src/api/field-errors.ts';
import { decodeVector } from '../../src/conformance/vectors/decode-vector.ts';
import type { Vector } from '../../src/conformance/vectors/vector.ts';

/** A vector of the tests: a node with a ClusterIP Service whose endpoints are a pod here and one elsewhere. */
export const VECTOR = {
  id: 'test-v4',
  title: 'two endpoints',
  rules: ['VIP-01'],
  node: { name: 'here', ips: ['192.0.2.1', '192.0.2.2'], podCIDRs: ['10.1.1.0/24'], zone: 'a', labels: {} },
  config: { clusterCIDR: '10.1.0.0/16' },
  serviceCIDRs: ['10.96.0.0/16'],
  services: [
    {
      metadata: { namespace: 'shop', name: 'web' },
      spec: {
        clusterIP: '10.96.0.1',
        clusterIPs: ['10.96.0.1'],
        ipFamilies: ['IPv4'],
        ports: [{ name: '', protocol: 'TCP', port: 80 }],
      },
    },
  ],
  endpointSlices: [
    {
      metadata: { namespace: 'shop', name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      ports: [{ name: '', protocol: 'TCP', port: 8080 }],
      endpoints: [
        { addresses: ['10.1.1.5'], nodeName: 'here', conditions: { ready: true } },
        { addresses: ['10.1.2.5'], nodeName: 'there', conditions: { ready: true } },
      ],
    },
  ],
  flows: [],
};

/** Fields of a flow from a pod of the node to the Service. */
export const POD_FLOW = {
  name: 'pod',
  origin: 'local-pod',
  protocol: 'TCP',
  sourceIP: '10.1.1.9',
  destIP: '10.96.0.1',
  destPort: 80,
  expect: { action: 'dnat', endpoints: ['10.1.1.5:8080', '10.1.2.5:8080'], masquerade: false },
};

/** Decodes what a test has put together; throws if it is wrong. */
export function vectorOf(fields: object): Vector {
  const errors = new FieldErrors();
  const vector = decodeVector({ ...VECTOR, ...fields }, errors);
  if (errors.count > 0) throw new Error(JSON.stringify(errors.list));
  return vector;
}
