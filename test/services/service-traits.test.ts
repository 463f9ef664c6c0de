import test, { type ExecutionContext } from 'ava';
import type { Family } from '../../src/net/address.ts';
import { cidrText } from '../../src/net/cidr.ts';
import { ServiceMap } from '../../src/services/service-map.ts';
import { type ServiceTraits, sameTraits, traitsOf } from '../../src/services/service-traits.ts';
import { put, type ServiceFields, service } from '../helpers/objects.ts';

const NONE: ServiceTraits = {
  externalIPs: [],
  loadBalancerIPs: [],
  sourceRanges: [],
  internalPolicy: 'Cluster',
  externalPolicy: 'Cluster',
  affinitySeconds: undefined,
  healthCheckNodePort: 0,
};

function traits(fields: ServiceFields, family: Family = 'IPv4'): ServiceTraits {
  return traitsOf(service('web', '10.96.0.1', fields), family);
}

const has = test.macro((t: ExecutionContext, fields: ServiceFields, expected: Partial<ServiceTraits>) => {
  t.deepEqual(traits(fields), { ...NONE, ...expected });
});

test('a Service that says nothing', has, {}, {});
test(
  'DUAL-03 addresses of the family, each once',
  has,
  {
    externalIPs: ['198.51.100.1', '2001:db8::1', '198.51.100.1', '198.51.100.2'],
    loadBalancerIPs: ['2001:db8::2', '203.0.113.1'],
  },
  { externalIPs: ['198.51.100.1', '198.51.100.2'], loadBalancerIPs: ['203.0.113.1'] },
);
test('ITP-01 internal policy', has, { internalTrafficPolicy: 'Local' }, { internalPolicy: 'Local' });
test(
  'ETP-01 external policy',
  has,
  { type: 'NodePort', externalTrafficPolicy: 'Local' },
  { externalPolicy: 'Local' },
);
test(
  'ETP-05 external policy of a ClusterIP Service with external IPs',
  has,
  { externalTrafficPolicy: 'Local', externalIPs: ['198.51.100.1'] },
  { externalPolicy: 'Local', externalIPs: ['198.51.100.1'] },
);
test(
  'ETP-05 external IPs of the other family count',
  has,
  { externalTrafficPolicy: 'Local', externalIPs: ['2001:db8::1'] },
  { externalPolicy: 'Local' },
);
test(
  'ETP-06 external policy of a ClusterIP Service without external IPs is ignored',
  has,
  { externalTrafficPolicy: 'Local', loadBalancerIPs: ['203.0.113.1'] },
  { loadBalancerIPs: ['203.0.113.1'] },
);
test(
  'AFF-05 affinity with its timeout',
  has,
  { sessionAffinity: 'ClientIP', affinityTimeoutSeconds: 90 },
  { affinitySeconds: 90 },
);
test('AFF-05 a timeout alone is no affinity', has, { affinityTimeoutSeconds: 90 }, {});
test(
  'HC-01 a health check',
  has,
  { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 32_000 },
  { externalPolicy: 'Local', healthCheckNodePort: 32_000 },
);
test('HC-01 none with policy Cluster', has, { type: 'LoadBalancer', healthCheckNodePort: 32_000 }, {});
test(
  'HC-01 none of another type',
  has,
  { type: 'NodePort', externalTrafficPolicy: 'Local', healthCheckNodePort: 32_000 },
  { externalPolicy: 'Local' },
);

const rangesOf = test.macro(
  (t: ExecutionContext, loadBalancerSourceRanges: readonly string[], expected: readonly string[]) => {
    t.deepEqual(traits({ loadBalancerSourceRanges }).sourceRanges.map(cidrText), expected);
  },
);

test(
  'LB-01 source ranges, host bits cleared',
  rangesOf,
  ['10.1.2.3/8', '192.0.2.0/24'],
  ['10.0.0.0/8', '192.0.2.0/24'],
);
test('LB-02 everybody', rangesOf, ['192.0.2.0/24', '0.0.0.0/0'], []);
test(
  'LB-02 everybody of the other family is nobody here',
  rangesOf,
  ['192.0.2.0/24', '::/0'],
  ['192.0.2.0/24'],
);
test('LB-03 of the other family, and no ranges', rangesOf, ['2001:db8::/32', 'nonsense', '10.0.0.0'], []);
test('LB-04 white space', rangesOf, ['\t10.0.0.0/8 '], ['10.0.0.0/8']);

const OTHERS: readonly ServiceFields[] = [
  { externalIPs: ['198.51.100.1'] },
  { loadBalancerIPs: ['203.0.113.1'] },
  { loadBalancerSourceRanges: ['10.0.0.0/8'] },
  { internalTrafficPolicy: 'Local' },
  { type: 'NodePort', externalTrafficPolicy: 'Local' },
  { sessionAffinity: 'ClientIP' },
  { sessionAffinity: 'ClientIP', affinityTimeoutSeconds: 90 },
  { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 32_000 },
];

test('traits are equal only to themselves', (t) => {
  const all = [{}, ...OTHERS].map((fields) => traits(fields));
  for (const [i, a] of all.entries()) {
    for (const [j, b] of all.entries()) t.is(sameTraits(a, structuredClone(b)), i === j, `${i} ${j}`);
  }
});

const PORTS = [
  { name: 'http', protocol: 'TCP', port: 80 },
  { name: 'admin', protocol: 'TCP', port: 81 },
] as const;

test('SVC-12 a change of any trait is a change of every port, and they share one object', (t) => {
  for (const fields of OTHERS) {
    const map = new ServiceMap();
    map.apply(put(service('web', '10.96.0.1', { ports: PORTS })));
    const changes = map.apply(put(service('web', '10.96.0.1', { ports: PORTS, ...fields })));
    t.is(changes.length, 2);
    t.is(changes[0]?.after?.traits, changes[1]?.after?.traits);
  }
});

test('SVC-12 SVC-08 edits of labels, of the type and of traits that are ignored cause no change', (t) => {
  const map = new ServiceMap();
  const web = (fields: ServiceFields) =>
    put(service('web', '10.96.0.1', { ports: PORTS, externalIPs: ['198.51.100.1'], ...fields }));
  map.apply(web({}));
  const edits: ServiceFields[] = [
    { labels: { team: 'blue' } },
    { type: 'NodePort' },
    { healthCheckNodePort: 32_000 },
    { affinityTimeoutSeconds: 90 },
    { externalIPs: ['198.51.100.1', '198.51.100.1'] },
    { loadBalancerSourceRanges: ['nonsense', '0.0.0.0/0'] },
  ];
  for (const fields of edits) t.deepEqual(map.apply(web(fields)), []);
});

test('VIP-02 a change of one node port is a change of that port alone', (t) => {
  const map = new ServiceMap();
  map.apply(put(service('web', '10.96.0.1', { ports: PORTS })));
  const [http, admin] = PORTS;
  const changes = map.apply(
    put(service('web', '10.96.0.1', { ports: [http, { ...admin, nodePort: 30_000 }] })),
  );
  t.deepEqual(
    changes.map(({ after }) => [after?.id, after?.nodePort]),
    [['shop/web:admin/TCP IPv4', 30_000]],
  );
});
