/** Section 16: two families side by side. */
import test, { type ExecutionContext } from 'ava';
import { ApplyError } from '../../src/backends/backend.ts';
import { MemoryBackend } from '../../src/backends/memory/memory-backend.ts';
import { readProxyConfig } from '../../src/config/read-proxy-config.ts';
import type { Family } from '../../src/net/address.ts';
import { Pipeline } from '../../src/pipeline.ts';
import { decisionText } from '../reference/compare.ts';
import { decideOnTable } from '../reference/decide-on-table.ts';
import { familyOf } from '../reference/model/addresses.ts';
import { decide } from '../reference/model/decide.ts';
import { modelOf } from '../reference/model/model.ts';
import { objectsOf, programmed } from '../reference/programmed.ts';
import type { Packet, RawServiceSpec, Situation, SituationConfig } from '../reference/situation.ts';
import { on, service, situationOf, slice } from './story.ts';

const CLIENTS: readonly Pick<Packet, 'origin' | 'sourceIP'>[] = [
  { origin: 'external', sourceIP: '203.0.113.50' },
  { origin: 'external', sourceIP: '2001:db8:ffff::32' },
];

interface DualStory {
  readonly spec?: RawServiceSpec;
  readonly config?: SituationConfig;
  /** Of the IPv4 slice and of the IPv6 slice. */
  readonly slices?: readonly ('IPv4' | 'IPv6')[];
}

function dualStack({ spec, config, slices = ['IPv4', 'IPv6'] }: DualStory): Situation {
  const story = situationOf({
    node: {
      ips: ['192.0.2.11', '2001:db8:10::11', '2001:db8:10::211'],
      podCIDRs: ['10.64.1.0/24', 'fd00:64:0:1::/64'],
    },
    config: config ?? { clusterCIDR: '10.64.0.0/16,fd00:64::/48' },
  });
  const dual: RawServiceSpec = {
    clusterIPs: ['10.112.0.10', 'fd00:112::10'],
    ipFamilies: ['IPv4', 'IPv6'],
    externalIPs: ['198.18.5.10', '2001:db8:e1::10'],
  };
  const ingress = [{ ip: '198.51.100.10' }, { ip: '2001:db8:1b::10' }];
  const ipv6 = slice([on('A', undefined, { addresses: ['fd00:64:0:1::31'] })], {
    metadata: { namespace: 'shop', name: 'web-6', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv6',
  });
  return {
    ...story,
    services: [service({ ...dual, ...spec }, {}, ingress)],
    endpointSlices: slices.map((family) => (family === 'IPv6' ? ipv6 : slice([on('A')]))),
  };
}

/** `address port` of each destination, and the decision for the client of its family. */
function decidesBoth(
  t: ExecutionContext,
  story: DualStory,
  expected: Readonly<Record<string, string>>,
): void {
  const situation = dualStack(story);
  const [model, nodes] = [modelOf(situation), programmed(situation)];
  for (const [destination, decision] of Object.entries(expected)) {
    const [destIP = '', port] = destination.split(' ');
    const family = familyOf(destIP);
    const client = CLIENTS.find(({ sourceIP }) => familyOf(sourceIP) === family) ?? {
      origin: 'external',
      sourceIP: '',
    };
    const packet = { ...client, protocol: 'TCP', destIP, destPort: Number(port) } as const;
    t.is(decisionText(decideOnTable(nodes[family], packet)), decision, destination);
    t.is(decisionText(decide(model, packet)), decision, `by the reference model: ${destination}`);
  }
}

const TO_V4 = 'dnat to 10.64.1.31:8080 (masquerade: yes)';
const TO_V6 = 'dnat to [fd00:64:0:1::31]:8080 (masquerade: yes)';

test(
  'DUAL-01 each family has its own frontends and endpoints',
  decidesBoth,
  {},
  {
    '10.112.0.10 80': TO_V4,
    '198.51.100.10 80': TO_V4,
    '198.18.5.10 80': TO_V4,
    '192.0.2.11 30080': TO_V4,
    'fd00:112::10 80': TO_V6,
    '2001:db8:1b::10 80': TO_V6,
    '2001:db8:e1::10 80': TO_V6,
    '2001:db8:10::11 30080': TO_V6,
  },
);
test(
  'DUAL-02 endpoints of one family do not help the other',
  decidesBoth,
  { slices: ['IPv6'] },
  { '10.112.0.10 80': 'reject', '192.0.2.11 30080': 'reject', 'fd00:112::10 80': TO_V6 },
);
test(
  'DUAL-02 detection in one family only',
  decidesBoth,
  { config: { clusterCIDR: 'fd00:64::/48' } },
  { '10.112.0.10 80': 'dnat to 10.64.1.31:8080 (masquerade: no)', 'fd00:112::10 80': TO_V6 },
);
test(
  'DUAL-03 source ranges by family',
  decidesBoth,
  { spec: { loadBalancerSourceRanges: ['172.20.0.0/16'] } },
  { '198.51.100.10 80': 'drop', '2001:db8:1b::10 80': TO_V6 },
);
test(
  'DUAL-03 node-port addresses by family',
  decidesBoth,
  { config: { clusterCIDR: '10.64.0.0/16,fd00:64::/48', nodePortAddresses: ['2001:db8:10::211/128'] } },
  { '192.0.2.11 30080': TO_V4, '2001:db8:10::11 30080': 'none', '2001:db8:10::211 30080': TO_V6 },
);
test(
  'DUAL-03 SVC-05 a Service of one family has no frontend of the other',
  decidesBoth,
  { spec: { ipFamilies: ['IPv4'], clusterIPs: ['10.112.0.10'] } },
  {
    '10.112.0.10 80': TO_V4,
    '2001:db8:1b::10 80': 'none',
    '2001:db8:e1::10 80': 'none',
    '2001:db8:10::11 30080': 'none',
  },
);
test(
  'DUAL-04 NPA-08 a bind address of one family leaves the other as it is',
  decidesBoth,
  { config: { clusterCIDR: '10.64.0.0/16,fd00:64::/48', bindAddress: '2001:db8:10::211' } },
  { '192.0.2.11 30080': TO_V4, '2001:db8:10::11 30080': 'none', '2001:db8:10::211 30080': TO_V6 },
);

/** A kernel that takes nothing. */
class RefusingBackend extends MemoryBackend {
  override apply(): undefined {
    throw new ApplyError('Cannot allocate memory', { code: 'ENOMEM' });
  }
}

test('DUAL-05 a failure in one family does not stop the other', async (t) => {
  const situation = dualStack({});
  const failures: Family[] = [];
  const ipv6 = new MemoryBackend('IPv6');
  const synced = Promise.withResolvers<void>();
  const pipeline = new Pipeline({
    config: readProxyConfig(situation.config, situation.node.name),
    backends: [new RefusingBackend('IPv4'), ipv6],
    observer: {
      synced: () => synced.resolve(),
      refused: ({ family }) => failures.push(family),
      failed: ({ family }) => failures.push(family),
    },
  });
  t.teardown(() => pipeline.close());
  pipeline.apply(objectsOf(situation).map((object) => ({ type: 'put', object })));
  await synced.promise;
  const { table } = await ipv6.read();
  t.is(table.frontends.size, 4);
  t.true(failures.length > 0);
  t.true(failures.every((family) => family === 'IPv4'));
});
