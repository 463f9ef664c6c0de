import test, { type ExecutionContext } from 'ava';
import type { StartProxy } from '../../src/conformance/node/proxy.ts';
import { runCase } from '../../src/conformance/run/case.ts';
import { checksOf } from '../../src/conformance/run/check.ts';
import {
  type Addresses,
  flowsWith,
  IPV4,
  IPV6,
  ORIGINS,
  PROTOCOLS,
  rulesFor,
  vectorWith,
  type Who,
} from './every-flow.ts';
import { NO_RULES, proxyOf, type Ruleset } from './ruleset.ts';
import { VECTOR } from './vector.ts';

/**
 * The run judges proxies written by hand, right ones and wrong ones: each fault must be found, in the flows that it
 * concerns and in no other. Serial: a case moves the process into a namespace of its own.
 */

/** Names of the checks that fail. */
async function failuresOf(
  addresses: Addresses,
  ruleset: Ruleset,
  vector = vectorWith(addresses),
): Promise<string[]> {
  const results = await runCase(vector, checksOf(vector, 'nftables'), proxyOf(addresses.family, ruleset));
  return results.flatMap(({ name, failure }) => (failure === undefined ? [] : [name]));
}

for (const addresses of [IPV4, IPV6]) {
  const { family, service, here, there, second, elsewhere } = addresses;
  const rules = rulesFor(addresses);

  test.serial(`a right proxy passes [${family}]`, async (t) => {
    t.deepEqual(await failuresOf(addresses, rules), []);
  });

  const wrong = (title: string, change: Partial<Ruleset>, expected: readonly string[]): void => {
    test.serial(`found: ${title} [${family}]`, async (t) => {
      t.deepEqual((await failuresOf(addresses, { ...rules, ...change })).toSorted(), expected.toSorted());
    });
  };
  const everywhere = (edit: (rules: string) => string): Partial<Ruleset> => ({
    prerouting: edit(rules.prerouting),
    output: edit(rules.output),
  });
  const refusing = (edit: (rules: string) => string): Partial<Ruleset> => ({
    forward: edit(rules.forward),
    outputFilter: edit(rules.outputFilter),
  });

  wrong('no proxy at all', NO_RULES, [
    ...flowsWith('served'),
    ...flowsWith('rejected'),
    ...flowsWith('dropped'),
  ]);
  wrong(
    'an endpoint that is never picked',
    everywhere((it) => it.replaceAll(there, here)),
    flowsWith('served'),
  );
  wrong(
    'an endpoint too many',
    everywhere((it) => it.replace('mod 2', 'mod 3').replace('0 :', `2 : ${elsewhere} . 8080, 0 :`)),
    flowsWith('served'),
  );
  wrong(
    'another port',
    everywhere((it) => it.replaceAll('8080', '8081')),
    flowsWith('served'),
  );
  wrong(
    'one protocol forgotten',
    everywhere((it) => it.replace('udp, ', '')),
    flowsWith('UDP', 'served'),
  );
  wrong('what the node sends is not translated', { output: '' }, flowsWith('node', 'served'));
  wrong('what comes from outside is not translated', { prerouting: '' }, [
    ...flowsWith('pod', 'served'),
    ...flowsWith('client', 'served'),
  ]);
  wrong('nobody is masqueraded', { postrouting: '' }, [
    ...flowsWith('node', 'served'),
    ...flowsWith('client', 'served'),
  ]);
  wrong(
    'pods are masqueraded too',
    { postrouting: `ct original ${family} daddr ${service} masquerade fully-random` },
    flowsWith('pod', 'served'),
  );
  wrong(
    'every tenth connection is lost',
    { prerouting: `${family} daddr ${service} th dport 80 numgen random mod 10 0 drop; ${rules.prerouting}` },
    [...flowsWith('pod', 'served'), ...flowsWith('client', 'served')],
  );
  wrong(
    'a TCP reset for a rejection',
    refusing((it) => `${family} daddr ${service} tcp dport 81 reject with tcp reset; ${it}`),
    flowsWith('TCP', 'rejected'),
  );
  wrong(
    'another ICMP error for a rejection',
    refusing((it) => it.replace('port-unreachable', 'admin-prohibited')),
    flowsWith('rejected'),
  );
  wrong(
    'dropped what is to be rejected',
    refusing((it) => it.replace(/reject.*/, 'drop')),
    flowsWith('rejected'),
  );
  wrong(
    'rejected what is to be dropped',
    refusing((it) => it.replace(/.*drop/, '')),
    flowsWith('dropped'),
  );
  wrong('routed traffic dropped', { forward: `${family} daddr ${elsewhere} drop; ${rules.forward}` }, [
    ...flowsWith('pod', 'routed'),
    ...flowsWith('client', 'routed'),
  ]);
  wrong('traffic for the node dropped', { input: `${family} daddr ${second} drop` }, flowsWith('delivered'));
  wrong(
    'traffic for the node rejected',
    { input: `${family} daddr ${second} reject` },
    flowsWith('delivered'),
  );
  wrong(
    'routed traffic masqueraded',
    { postrouting: `${family} daddr ${elsewhere} masquerade fully-random; ${rules.postrouting}` },
    flowsWith('routed'),
  );
  wrong(
    'answers that do not come back',
    { raw: `${family} saddr { ${here}, ${there} } th sport 8080 notrack` },
    flowsWith('served'),
  );
}

const ENTRY = { name: 'entry', origSrc: '10.1.1.9', origDst: '10.96.0.1', origDstPort: 53 };

for (const addresses of [IPV4, IPV6]) {
  const { family, here, there } = addresses;
  const startWithSockets =
    (ruleset: Ruleset): StartProxy =>
    async (vector, tracked) => ({
      ...(await proxyOf(family, ruleset)(vector, tracked)),
      translatesAtSockets: true,
    });

  // They are masqueraded: what leaves the socket is not what is seen, so the answer must come back as it was sent.
  test.serial(
    `answers to a masqueraded process count for no socket that was translated [${family}]`,
    async (t) => {
      const raw = `${family} saddr { ${here}, ${there} } th sport 8080 notrack`;
      const vector = vectorWith(addresses);
      const start = startWithSockets({ ...rulesFor(addresses), raw });
      const results = await runCase(vector, checksOf(vector, 'ebpf'), start);
      const failed = results.flatMap(({ name, failure }) => (failure === undefined ? [] : [name]));
      t.deepEqual(failed.toSorted(), flowsWith('served').toSorted());
    },
  );
}

test.serial('the connections of a table of the backend are what counts', async (t) => {
  const entry = {
    ...ENTRY,
    protocol: 'UDP',
    replySrc: '10.1.2.5',
    replySrcPort: 5353,
    expect: 'delete',
  } as const;
  const vector = vectorWith(IPV4, { flows: [], conntrack: [entry] });
  const destinations: string[] = [];
  const start: StartProxy = async (given, tracked) => ({
    ...(await proxyOf('ip', NO_RULES)(given, tracked)),
    isTracked: ({ destination }) => destinations.push(destination) === 0,
  });
  const [result] = await runCase(vector, checksOf(vector, 'ebpf'), start);
  t.is(result?.failure, undefined);
  t.deepEqual(destinations, ['10.96.0.1']);
});

for (const expect of ['keep', 'delete', 'either'] as const) {
  test.serial(`conntrack entries that nobody cleans up, when "${expect}" is expected`, async (t) => {
    const entries = PROTOCOLS.flatMap((protocol) => [
      { ...ENTRY, protocol, replySrc: '10.1.2.5', replySrcPort: 5353, expect },
      { ...ENTRY, protocol, replySrc: '10.96.0.1', replySrcPort: 53, expect },
    ]);
    const vector = vectorWith(IPV4, { flows: [], conntrack: entries });
    const found = await failuresOf(IPV4, rulesFor(IPV4), vector);
    t.is(found.length, expect === 'delete' ? entries.length : 0);
  });
}

test.serial('conntrack entries that are gone, when they should be kept', async (t) => {
  const vector = vectorWith(IPV6, {
    flows: [],
    conntrack: [
      {
        ...ENTRY,
        protocol: 'UDP',
        origSrc: IPV6.pod,
        origDst: IPV6.service,
        replySrc: IPV6.here,
        replySrcPort: 53,
        expect: 'keep',
      },
    ],
  });
  const [check] = checksOf(vector, 'nftables');
  const start = proxyOf('ip6', NO_RULES);
  // A namespace of its own for each case: what the first run put in, the second does not find.
  const results = await runCase({ ...vector, conntrack: [] }, check === undefined ? [] : [check], start);
  t.deepEqual(
    results.map(({ failure }) => failure === undefined),
    [true],
  );
});

function step(who: Who, expect: object, fields: object = {}): object {
  return {
    name: who,
    origin: ORIGINS[who],
    protocol: 'TCP',
    sourceIP: IPV4[who],
    destIP: IPV4.service,
    destPort: 80,
    expect,
    ...fields,
  };
}

const ANY = { anyOf: ['10.1.1.5:8080', '10.1.2.5:8080'] };

async function sequenceResult(
  t: ExecutionContext,
  ruleset: Ruleset,
  sets: string,
  steps: object[],
): Promise<boolean> {
  const vector = vectorWith(IPV4, { flows: [], sequences: [{ name: 'sequence', steps }] });
  const [result] = await runCase(vector, checksOf(vector, 'nftables'), proxyOf('ip', ruleset, sets));
  t.is(result?.kind, 'sequence');
  return result?.failure === undefined;
}

test.serial('a sequence without affinity fails, with affinity it passes', async (t) => {
  const steps = [
    step('pod', ANY),
    step('client', ANY),
    step('pod', { sameEndpointAsStep: 0 }),
    step('client', { sameEndpointAsStep: 1 }),
  ];
  t.false(await sequenceResult(t, rulesFor(IPV4), '', steps));
  const sticky =
    'ip daddr 10.96.0.1 tcp dport 80 dnat ip to jhash ip saddr mod 2 map { 0 : 10.1.1.5 . 8080, 1 : 10.1.2.5 . 8080 }';
  t.true(await sequenceResult(t, { ...NO_RULES, prerouting: sticky }, '', steps));
});

test.serial('a step of a sequence that reaches no endpoint, or another', async (t) => {
  t.false(await sequenceResult(t, NO_RULES, '', [step('pod', ANY)]));
  t.false(await sequenceResult(t, rulesFor(IPV4), '', [step('pod', { anyOf: ['10.9.9.9:1'] })]));
});

test.serial('the pause before a step is kept', async (t) => {
  const sets = 'set recent { type ipv4_addr; timeout 1s; flags dynamic; }';
  const prerouting = `tcp dport 80 ip saddr @recent dnat ip to 10.1.1.5:8080
    add @recent { ip saddr }
    tcp dport 80 dnat ip to 10.1.2.5:8080`;
  const [recent, new_] = [{ anyOf: ['10.1.1.5:8080'] }, { anyOf: ['10.1.2.5:8080'] }];
  const steps = [step('pod', new_), step('pod', recent), step('pod', new_, { afterSeconds: 1.5 })];
  t.true(await sequenceResult(t, { ...NO_RULES, prerouting }, sets, steps));
});

test.serial('what cannot be sent has failed, and the rest goes on', async (t) => {
  const vector = vectorWith(IPV4);
  const stranger = {
    ...vector,
    flows: vector.flows.map((flow) =>
      flow.name === 'node TCP routed' ? { ...flow, sourceIP: '10.9.9.9' } : flow,
    ),
  };
  const results = await runCase(stranger, checksOf(stranger, 'nftables'), proxyOf('ip', rulesFor(IPV4)));
  const failed = results.filter(({ failure }) => failure !== undefined);
  t.deepEqual(
    failed.map(({ name }) => name),
    ['node TCP routed'],
  );
  t.regex(
    failed[0]?.failure?.seen ?? '',
    /cannot send from an address of the node.*EADDRNOTAVAIL|cannot assign/i,
  );
});

test.serial('a node that cannot be built is told', async (t) => {
  const vector = vectorWith(IPV4, { node: { ...VECTOR.node, podCIDRs: ['10.1.1.0/24', '10.1.1.0/24'] } });
  await t.throwsAsync(runCase(vector, [], proxyOf('ip', NO_RULES)), {
    message: /cannot add route 10\.1\.1\.0\/24/,
  });
});
