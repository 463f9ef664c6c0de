import test, { type ExecutionContext } from 'ava';
import type { Endpoint, SliceObject } from '../../src/apiserver/endpointslices/objects.ts';
import { planSlices } from '../../src/apiserver/endpointslices/plan.ts';
import type { JsonObject } from '../../src/apiserver/objects.ts';
import type { ApiServer } from '../../src/apiserver/server.ts';
import { eventually, service, startServer } from './helpers.ts';

const SELECTOR = { selector: { app: 'web' } };

/** A server with two nodes in two zones and the Service web. */
async function cluster(t: ExecutionContext, spec: JsonObject = {}): Promise<ApiServer> {
  const server = await startServer(t);
  for (const [name, zone] of [
    ['node-1', 'zone-a'],
    ['node-2', 'zone-b'],
  ]) {
    server.store.create('nodes', { metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } } });
  }
  server.store.create('services', service('web', { ...SELECTOR, ...spec }));
  return server;
}

function pod(
  name: string,
  ips: readonly string[],
  options: { node?: string; ready?: boolean; ports?: JsonObject[] } = {},
): JsonObject {
  const { node = 'node-1', ready = true, ports = [] } = options;
  return {
    metadata: { name, namespace: 'default', labels: { app: 'web' } },
    spec: { nodeName: node, containers: [{ name: 'c', image: 'i', ports }] },
    status: {
      phase: 'Running',
      podIPs: ips.map((ip) => ({ ip })),
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  };
}

function slices(server: ApiServer): SliceObject[] {
  return server.store.list('endpointslices', 'default') as SliceObject[];
}

const endpoints = (server: ApiServer): Endpoint[] => slices(server).flatMap((it) => it.endpoints ?? []);
const addresses = (server: ApiServer): string =>
  endpoints(server)
    .flatMap((it) => it.addresses)
    .sort()
    .join();

test('a service without pods has a slice that says so; pods fill it', async (t) => {
  const server = await cluster(t);
  await eventually(t, () => slices(server).length === 1);
  const [empty] = slices(server);
  t.is(empty?.endpoints, null);
  t.is(
    empty?.metadata.annotations?.['endpoints.kubernetes.io/last-change-trigger-time'],
    server.store.get('services', { name: 'web', namespace: 'default' }).metadata.creationTimestamp,
  );
  server.store.create('pods', pod('a', ['10.1.0.1']));
  await eventually(t, () => addresses(server) === '10.1.0.1');
  const [slice] = slices(server);
  t.is(slice?.metadata.name, empty?.metadata.name);
  t.deepEqual(slice?.ports, [{ name: 'http', protocol: 'TCP', port: 80 }]);
  t.deepEqual(slice?.metadata.labels, {
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    'kubernetes.io/service-name': 'web',
  });
  t.is(slice?.metadata.ownerReferences?.[0]?.name, 'web');
  const { targetRef, ...endpoint } = slice?.endpoints?.[0] ?? {};
  t.is(targetRef?.name, 'a');
  t.deepEqual(endpoint, {
    addresses: ['10.1.0.1'],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: 'node-1',
    zone: 'zone-a',
  });
});

test('a terminating pod serves but is not ready; a gone one is gone', async (t) => {
  const server = await cluster(t);
  server.store.create('pods', pod('a', ['10.1.0.1']));
  await eventually(t, () => addresses(server) === '10.1.0.1');
  server.store.delete('pods', { name: 'a', namespace: 'default' }, { gracePeriodSeconds: 30 });
  await eventually(t, () => endpoints(server)[0]?.conditions.terminating === true);
  t.deepEqual(endpoints(server)[0]?.conditions, { ready: false, serving: true, terminating: true });
  server.store.delete('pods', { name: 'a', namespace: 'default' }, { gracePeriodSeconds: 0 });
  await eventually(t, () => addresses(server) === '');
});

test('a pod without an address that is one has no endpoint', async (t) => {
  const server = await cluster(t);
  server.store.create('pods', pod('a', ['nonsense']));
  server.store.create('pods', pod('b', ['10.1.0.2']));
  await eventually(t, () => addresses(server) === '10.1.0.2');
});

test('publishNotReadyAddresses calls every pod ready', async (t) => {
  const server = await cluster(t, { publishNotReadyAddresses: true });
  server.store.create('pods', pod('a', ['10.1.0.1'], { ready: false, node: 'unknown' }));
  await eventually(t, () => endpoints(server)[0]?.conditions.ready === true);
  t.false(endpoints(server)[0]?.conditions.serving);
});

test('named target ports are the pods own: slices by port number', async (t) => {
  const server = await cluster(t, { ports: [{ port: 80, targetPort: 'web' }] });
  server.store.create('pods', pod('a', ['10.1.0.1'], { ports: [{ name: 'web', containerPort: 8080 }] }));
  server.store.create('pods', pod('b', ['10.1.0.2'], { ports: [{ name: 'web', containerPort: 9090 }] }));
  await eventually(t, () => slices(server).length === 2 && addresses(server) === '10.1.0.1,10.1.0.2');
  t.deepEqual(
    slices(server)
      .map((it) => it.ports?.[0]?.port)
      .sort(),
    [8080, 9090],
  );
});

test('dual stack: slices of both families', async (t) => {
  const server = await cluster(t, { ipFamilyPolicy: 'RequireDualStack' });
  server.store.create('pods', pod('a', ['10.1.0.1', 'fd00::1']));
  await eventually(t, () => addresses(server) === '10.1.0.1,fd00::1');
  t.deepEqual(
    slices(server)
      .map((it) => it.addressType)
      .sort(),
    ['IPv4', 'IPv6'],
  );
});

test('hints for traffic that stays close', async (t) => {
  const server = await cluster(t, { trafficDistribution: 'PreferSameNode' });
  server.store.create('pods', pod('a', ['10.1.0.1']));
  await eventually(t, () => endpoints(server)[0]?.hints !== undefined);
  t.deepEqual(endpoints(server)[0]?.hints, {
    forZones: [{ name: 'zone-a' }],
    forNodes: [{ name: 'node-1' }],
  });
});

test('zones follow the nodes', async (t) => {
  const server = await cluster(t);
  server.store.create('pods', pod('a', ['10.1.0.1']));
  await eventually(t, () => endpoints(server)[0]?.zone === 'zone-a');
  const body = { metadata: { labels: { 'topology.kubernetes.io/zone': 'zone-c' } } };
  server.store.patch('nodes', { name: 'node-1' }, { type: 'merge', body });
  await eventually(t, () => endpoints(server)[0]?.zone === 'zone-c');
});

test('slices of headless services say so; slices made by hand are left alone', async (t) => {
  const server = await cluster(t, { clusterIP: 'None' });
  const labels = { 'kubernetes.io/service-name': 'web' };
  server.store.create('endpointslices', {
    metadata: { name: 'by-hand', namespace: 'default', labels },
    addressType: 'IPv4',
    endpoints: [],
  });
  await eventually(t, () => slices(server).length === 2);
  t.is(
    slices(server).find((it) => it.metadata.name !== 'by-hand')?.metadata.labels?.[
      'service.kubernetes.io/headless'
    ],
    '',
  );
  server.store.delete('services', { name: 'web', namespace: 'default' });
  await eventually(t, () => slices(server).length === 1);
  t.is(slices(server)[0]?.metadata.name, 'by-hand');
});

test('what others do to a managed slice is put right', async (t) => {
  const server = await cluster(t);
  server.store.create('pods', pod('a', ['10.1.0.1']));
  await eventually(t, () => addresses(server) === '10.1.0.1');
  const [slice] = slices(server);
  server.store.delete('endpointslices', { name: slice?.metadata.name ?? '', namespace: 'default' });
  await eventually(t, () => addresses(server) === '10.1.0.1');
});

const PORTS = [{ name: '', protocol: 'TCP', port: 80 }];
const endpoint = (n: number): Endpoint => ({
  addresses: [`10.0.${n >> 8}.${n & 255}`],
  conditions: { ready: true, serving: true, terminating: false },
});
const range = (count: number, first = 0): Endpoint[] =>
  Array.from({ length: count }, (_, i) => endpoint(first + i));
const slice = (name: string, of: Endpoint[]): SliceObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name },
  addressType: 'IPv4',
  ports: PORTS,
  endpoints: of,
});
const sizes = (plan: ReturnType<typeof planSlices>): string[] =>
  plan.slices.map((it) => `${it.existing?.metadata.name ?? 'new'} ${it.endpoints.length}`);

test('a hundred endpoints to a slice', (t) => {
  const plan = planSlices([{ addressType: 'IPv4', ports: PORTS, endpoints: range(250) }], [], ['IPv4']);
  t.deepEqual(sizes(plan), ['new 100', 'new 100', 'new 50']);
});

test('new endpoints go where there is a change anyway', (t) => {
  const existing = [slice('a', range(60)), slice('b', range(90, 100))];
  // One of b is gone, five are new: b is filled, a is not touched.
  const endpoints = [...range(60), ...range(89, 100), ...range(5, 500)];
  const plan = planSlices([{ addressType: 'IPv4', ports: PORTS, endpoints }], existing, ['IPv4']);
  t.deepEqual(sizes(plan), ['a 60', 'b 94']);
  t.deepEqual(plan.slices[0]?.endpoints, existing[0]?.endpoints);
});

test('the last endpoint leaves an empty slice, and one only', (t) => {
  const plan = planSlices([], [slice('a', range(2)), slice('b', range(2, 10))], ['IPv4']);
  t.deepEqual(sizes(plan), ['a 0']);
  t.deepEqual(
    plan.superfluous.map((it) => it.metadata.name),
    ['b'],
  );
});
