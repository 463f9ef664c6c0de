/** The objects that a real API server printed (shared/data/README.md), all of them. */
import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { parse } from 'yaml';
import { decodeObjects } from '../../src/api/decode.ts';
import type { ApiObject, Kind, Service } from '../../src/api/objects.ts';

const DATA = new URL('../../../shared/data/api/', import.meta.url);

function recorded(file: string): readonly ApiObject[] {
  const text = readFileSync(new URL(file, DATA), 'utf8');
  const document: unknown = file.endsWith('.yaml') ? parse(text) : JSON.parse(text);
  return decodeObjects(document).flatMap(({ decoded }) => {
    if ('errors' in decoded) throw new Error(`${file}: ${JSON.stringify(decoded)}`);
    return 'object' in decoded ? [decoded.object] : [];
  });
}

function counts(t: ExecutionContext, file: string, expected: Partial<Record<Kind, number>>): void {
  const found = Object.groupBy(recorded(file), ({ kind }) => kind);
  const numbers = Object.entries(found).map(([kind, objects]) => [kind, objects?.length]);
  t.deepEqual(Object.fromEntries(numbers), expected);
}

test('services.list.json', counts, 'services.list.json', { Service: 6 });
test('endpointslices.list.json', counts, 'endpointslices.list.json', { EndpointSlice: 7 });
test('nodes.list.json', counts, 'nodes.list.json', { Node: 1 });
test('shop.kubectl.yaml', counts, 'shop.kubectl.yaml', { Service: 7, EndpointSlice: 9, Node: 3 });
test('shop.kubectl.json', counts, 'shop.kubectl.json', { Service: 7, EndpointSlice: 9 });
test('services.managedfields.yaml', counts, 'services.managedfields.yaml', { Service: 7 });

test('YAML and JSON say the same', (t) => {
  const withoutNodes = recorded('shop.kubectl.yaml').filter(({ kind }) => kind !== 'Node');
  t.deepEqual(withoutNodes, recorded('shop.kubectl.json'));
});

function readsService(t: ExecutionContext, name: string, expected: Partial<Service>): void {
  const service = recorded('services.list.json').find((it) => it.kind === 'Service' && it.name === name);
  t.like(service, expected);
}

test('web is dual stack and has a node port', readsService, 'web', {
  type: 'NodePort',
  ipFamilies: ['IPv4', 'IPv6'],
  ports: [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30804 }],
  externalTrafficPolicy: 'Cluster',
  internalTrafficPolicy: 'Cluster',
  sessionAffinity: 'None',
});
test('pay is behind a load balancer', readsService, 'pay', {
  type: 'LoadBalancer',
  ports: [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 32543 }],
  loadBalancerIPs: ['198.51.100.20'],
  loadBalancerSourceRanges: ['203.0.113.0/24'],
  externalTrafficPolicy: 'Local',
  healthCheckNodePort: 32675,
});
test('search has an external IP and affinity', readsService, 'search', {
  type: 'ClusterIP',
  ports: [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 0 }],
  externalIPs: ['198.51.100.7'],
  sessionAffinity: 'ClientIP',
  affinityTimeoutSeconds: 10800,
});

test('the endpoints of cart are for their zones', (t) => {
  const slices = recorded('endpointslices.list.json').flatMap((it) =>
    it.kind === 'EndpointSlice' ? [it] : [],
  );
  const cart = slices.find(({ labels }) => labels['kubernetes.io/service-name'] === 'cart');
  t.deepEqual(
    cart?.endpoints.map(({ zoneHints, nodeHints }) => [zoneHints, nodeHints]),
    [
      [['zone-0'], undefined],
      [['zone-0'], undefined],
      [['zone-0'], undefined],
    ],
  );
});
