import test, { type ExecutionContext } from 'ava';
import { ApiError } from '../../src/apiserver/errors.ts';
import type { JsonObject } from '../../src/apiserver/objects.ts';
import type { ApiServer, ApiServerOptions } from '../../src/apiserver/server.ts';
import { IpRange } from '../../src/apiserver/services/ip-range.ts';
import type { ServiceObject, ServiceSpec } from '../../src/apiserver/services/service-object.ts';
import { service, startServer } from './helpers.ts';

const WEB = { name: 'web', namespace: 'default' };

function create(server: ApiServer, spec: JsonObject, name = 'web'): ServiceSpec {
  return (server.store.create('services', service(name, spec)) as ServiceObject).spec;
}

function change(server: ApiServer, spec: JsonObject): ServiceSpec {
  const { object } = server.store.patch('services', WEB, { type: 'merge', body: { spec } });
  return (object as ServiceObject).spec;
}

test('a service gets its defaults', async (t) => {
  const { clusterIP, clusterIPs, ...spec } = create(await startServer(t), {});
  t.regex(clusterIP ?? '', /^10\.96\./);
  t.deepEqual(clusterIPs, [clusterIP]);
  t.deepEqual(spec, {
    ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 80 }],
    type: 'ClusterIP',
    sessionAffinity: 'None',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    internalTrafficPolicy: 'Cluster',
  });
});

test('ClientIP affinity lasts three hours unless it says otherwise', async (t) => {
  const { sessionAffinityConfig } = create(await startServer(t), { sessionAffinity: 'ClientIP' });
  t.deepEqual(sessionAffinityConfig, { clientIP: { timeoutSeconds: 10800 } });
});

test('dual stack: one address of each family, the asked family first', async (t) => {
  const spec = create(await startServer(t), { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv6'] });
  t.deepEqual(spec.ipFamilies, ['IPv6', 'IPv4']);
  t.regex(spec.clusterIP ?? '', /^fd00:10:96::/);
  t.regex(spec.clusterIPs?.[1] ?? '', /^10\.96\./);
});

test('a cluster of one family prefers dual stack in vain', async (t) => {
  const server = await startServer(t, { serviceCidrs: ['10.96.0.0/16'] });
  t.deepEqual(create(server, { ipFamilyPolicy: 'PreferDualStack' }).ipFamilies, ['IPv4']);
  const error = t.throws<ApiError>(() => create(server, { ipFamilyPolicy: 'RequireDualStack' }, 'two'));
  t.regex(error?.message ?? '', /this cluster is not configured for dual-stack services/);
});

test('single stack gives the second address up', async (t) => {
  const server = await startServer(t);
  const before = create(server, { ipFamilyPolicy: 'RequireDualStack' });
  const after = change(server, { ipFamilyPolicy: 'SingleStack' });
  t.deepEqual(after.clusterIPs, before.clusterIPs?.slice(0, 1));
  t.deepEqual(after.ipFamilies, ['IPv4']);
});

test('headless and ExternalName services have no cluster IP', async (t) => {
  const server = await startServer(t);
  const headless = create(server, { clusterIP: 'None', selector: { app: 'db' } }, 'db');
  t.deepEqual(headless.clusterIPs, ['None']);
  const external = create(server, { type: 'ExternalName', externalName: 'example.com' }, 'ext');
  t.is(external.clusterIP, undefined);
  t.is(external.internalTrafficPolicy, undefined);
});

test('node ports: allocated, kept by updates, released by type', async (t) => {
  const server = await startServer(t);
  const { ports } = create(server, { type: 'NodePort' });
  const nodePort = ports?.[0]?.nodePort ?? 0;
  t.true(nodePort >= 30086 && nodePort <= 32767);
  t.is(
    change(server, { ports: [{ name: 'http', port: 80, targetPort: 99 }] }).ports?.[0]?.nodePort,
    nodePort,
  );
  t.is(change(server, { type: 'ClusterIP' }).ports?.[0]?.nodePort, undefined);
  t.is(
    create(server, { type: 'NodePort', ports: [{ port: 1, nodePort }] }, 'next').ports?.[0]?.nodePort,
    nodePort,
  );
});

test('TCP and UDP of one port share their node port', async (t) => {
  const ports = [
    { name: 'tcp', port: 53 },
    { name: 'udp', port: 53, protocol: 'UDP' },
  ];
  const spec = create(await startServer(t), { type: 'NodePort', ports });
  t.is(spec.ports?.[0]?.nodePort, spec.ports?.[1]?.nodePort);
});

test('load balancers with externalTrafficPolicy Local have a health check port', async (t) => {
  const spec = create(await startServer(t), { type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
  t.true((spec.healthCheckNodePort ?? 0) >= 30000);
  t.not(spec.healthCheckNodePort, spec.ports?.[0]?.nodePort);
  t.true(spec.allocateLoadBalancerNodePorts);
});

test('a deletion releases address and port', async (t) => {
  const server = await startServer(t);
  const spec = { clusterIP: '10.96.7.7', type: 'NodePort', ports: [{ port: 80, nodePort: 30001 }] };
  create(server, spec);
  t.throws(() => create(server, spec, 'two'));
  server.store.delete('services', WEB);
  t.notThrows(() => create(server, spec, 'two'));
});

test('a range that is full is full', async (t) => {
  const server = await startServer(t, { serviceCidrs: ['10.9.0.0/30'] });
  create(server, {});
  t.throws(() => create(server, {}, 'two'), { message: /range is full/ });
});

test('further ServiceCIDRs add addresses', async (t) => {
  const server = await startServer(t, { serviceCidrs: ['10.9.0.0/30'] });
  create(server, {});
  server.store.create('servicecidrs', { metadata: { name: 'more' }, spec: { cidrs: ['10.20.0.0/24'] } });
  t.regex(create(server, {}, 'two').clusterIP ?? '', /^10\.20\.0\./);
});

test('addresses of a range', (t) => {
  const range = IpRange.of('10.96.0.0/16');
  t.is(range.size, 65534);
  t.is(range.at(0), '10.96.0.1');
  t.is(range.at(range.size - 1), '10.96.255.254');
  t.true(range.contains('10.96.255.255'));
  t.false(range.contains('10.97.0.0'));
  t.is(IpRange.of('fd00:10:96::/108').at(0xfffff - 1), 'fd00:10:96::f:ffff');
});

async function refused(
  t: ExecutionContext,
  spec: JsonObject,
  expected: string,
  options: ApiServerOptions = {},
): Promise<void> {
  const server = await startServer(t, options);
  create(
    server,
    { clusterIP: '10.96.0.10', type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
    'taken',
  );
  const error = t.throws<ApiError>(() => create(server, spec), { instanceOf: ApiError });
  t.is(error?.code, 422);
  t.is(error?.message, `Service "web" is invalid: ${expected}`);
}

const PORT = 'spec.ports[0]';
test('no ports', refused, { ports: [] }, 'spec.ports: Required value');
test(
  'port 0',
  refused,
  { ports: [{ port: 0 }] },
  `${PORT}.port: Invalid value: 0: must be between 1 and 65535, inclusive`,
);
test(
  'protocol',
  refused,
  { ports: [{ port: 1, protocol: 'ICMP' }] },
  `${PORT}.protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"`,
);
test(
  'two ports need names',
  refused,
  { ports: [{ port: 1 }, { port: 2, name: 'x' }] },
  `${PORT}.name: Required value`,
);
test(
  'duplicate port',
  refused,
  {
    ports: [
      { name: 'a', port: 1 },
      { name: 'b', port: 1 },
    ],
  },
  'spec.ports[1]: Duplicate value: {"protocol":"TCP","port":1}',
);
test(
  'node port of a ClusterIP',
  refused,
  { ports: [{ port: 1, nodePort: 30001 }] },
  `${PORT}.nodePort: Forbidden: may not be used when \`type\` is 'ClusterIP'`,
);
test(
  'node port taken',
  refused,
  { type: 'NodePort', ports: [{ port: 1, nodePort: 30080 }] },
  `${PORT}.nodePort: Invalid value: 30080: provided port is already allocated`,
);
test(
  'node port range',
  refused,
  { type: 'NodePort', ports: [{ port: 1, nodePort: 80 }] },
  `${PORT}.nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767`,
);
test(
  'cluster IP taken',
  refused,
  { clusterIP: '10.96.0.10' },
  'spec.clusterIPs: Invalid value: ["10.96.0.10"]: failed to allocate IP 10.96.0.10: provided IP is already allocated',
);
test(
  'type',
  refused,
  { type: 'Magic' },
  'spec.type: Unsupported value: "Magic": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
);
test(
  'Local without outside',
  refused,
  { externalTrafficPolicy: 'Local' },
  'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
);
test(
  'affinity time',
  refused,
  { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } } },
  'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400',
);

test('the cluster IP may not change', async (t) => {
  const server = await startServer(t);
  create(server, { clusterIP: '10.96.0.10' });
  const error = t.throws<ApiError>(() => change(server, { clusterIP: '10.96.0.11' }));
  t.is(
    error?.message,
    'Service "web" is invalid: spec.clusterIPs[0]: Invalid value: ["10.96.0.11"]: may not change once set',
  );
  t.deepEqual(
    error?.details?.causes?.map((it) => it.field),
    ['spec.clusterIPs[0]'],
  );
});
