import test, { type ExecutionContext } from 'ava';
import { CONNTRACK_ROW, type ConntrackTable, loadAddon } from '../../src/native/addon.ts';
import { addressWords, type Family } from '../../src/net/address.ts';
import { putTracked, type Tracked, trackedIn, trackedText } from '../helpers/conntrack.ts';
import { privateNamespace } from '../helpers/netns.ts';
import { untyped } from './untyped.ts';

const { ENDPOINT, FRONTEND, NODE_PORT, NODE_ADDRESS } = CONNTRACK_ROW;

const words = (address: string): readonly number[] => addressWords(address) ?? [];
const endpoint = (group: number, address: string, port: number) => [ENDPOINT, group, port, ...words(address)];
const frontend = (group: number, address: string, port: number) => [FRONTEND, group, port, ...words(address)];
const nodePort = (group: number, port: number) => [NODE_PORT, group, port];
const nodeAddress = (address: string) => [NODE_ADDRESS, ...words(address)];
const rows = (...each: readonly (readonly number[])[]): Uint32Array => Uint32Array.from(each.flat());

async function openTable(
  t: ExecutionContext,
  family: Family = 'IPv4',
): Promise<{ namespace: string; table: ConntrackTable }> {
  const namespace = await privateNamespace(t);
  const { ConntrackTable } = loadAddon();
  const table = new ConntrackTable({ namespace, family });
  t.teardown(() => table.close());
  return { namespace, table };
}

let lastSourcePort = 1024;

/** A UDP connection from a port of its own to a destination, answered by an endpoint. */
function tracked(
  destination: readonly [string, number],
  replySource: readonly [string, number],
  changes: Partial<Tracked> = {},
): Tracked {
  const client = destination[0].includes(':') ? 'fd00::1' : '10.0.0.1';
  return { protocol: 'UDP', source: [client, ++lastSourcePort], destination, replySource, ...changes };
}

const DNS = ['10.96.0.10', 53] as const;
const LIVE = ['10.244.0.5', 5353] as const;
const GONE = ['10.244.0.6', 5353] as const;
const DNS_RULES = [frontend(1, ...DNS), endpoint(1, ...LIVE)];

/** Makes entries of which some must go, deletes the stale ones, and looks. */
const deletes = test.macro(
  async (
    t: ExecutionContext,
    family: Family,
    rules: readonly (readonly number[])[],
    { kept = [], gone = [] }: { kept?: readonly Tracked[]; gone?: readonly Tracked[] },
  ) => {
    const { namespace, table } = await openTable(t, family);
    await putTracked(namespace, [...kept, ...gone]);
    const result = await table.deleteStale(rows(...rules));
    t.deepEqual(await trackedIn(namespace), kept.map(trackedText).toSorted());
    t.is(result.deleted, gone.length);
  },
);

test('CT-03 an entry to a frontend goes unless a serving endpoint replies', deletes, 'IPv4', DNS_RULES, {
  kept: [tracked(DNS, LIVE)],
  gone: [
    tracked(DNS, GONE),
    tracked(DNS, [LIVE[0], 5300]), // its target port changed
    tracked(DNS, DNS), // never translated
  ],
});

test(
  'CT-03 the same of IPv6',
  deletes,
  'IPv6',
  [frontend(1, 'fd00::10', 53), endpoint(1, 'fd00:244::5', 5353)],
  {
    kept: [
      tracked(['fd00::10', 53], ['fd00:244::5', 5353]),
      tracked(['fd00::10', 54], ['fd00:244::6', 5353]),
      tracked(['fd00:1::10', 53], ['fd00:244::6', 5353]),
    ],
    gone: [tracked(['fd00::10', 53], ['fd00:244::6', 5353]), tracked(['fd00::10', 53], ['fd00::10', 53])],
  },
);

test('CT-01 CT-10 entries of TCP and SCTP stay', deletes, 'IPv4', DNS_RULES, {
  kept: [tracked(DNS, GONE, { protocol: 'TCP' }), tracked(DNS, GONE, { protocol: 'SCTP' })],
  gone: [tracked(DNS, GONE)],
});

test('CT-09 what no rule is about stays', deletes, 'IPv4', DNS_RULES, {
  kept: [
    tracked(['10.96.0.10', 54], GONE), // another port
    tracked(['10.96.0.11', 53], GONE), // another address
    tracked(['203.0.113.9', 53], ['203.0.113.9', 53]),
    tracked(GONE, DNS), // the frontend on the other side
    tracked(['fd00::10', 53], ['fd00:244::6', 5353]), // the other family
  ],
});

test('CT-08 a frontend without endpoints keeps no entry', deletes, 'IPv4', [frontend(1, ...DNS)], {
  kept: [tracked(['10.96.0.11', 53], LIVE)],
  gone: [tracked(DNS, LIVE)],
});

test(
  'an endpoint of any group of the frontend is right, of another group it is not',
  deletes,
  'IPv4',
  [
    frontend(1, ...DNS),
    frontend(2, ...DNS),
    endpoint(1, '10.244.0.1', 53),
    endpoint(2, '10.244.0.2', 53),
    endpoint(3, '10.244.0.3', 53),
  ],
  {
    kept: [tracked(DNS, ['10.244.0.1', 53]), tracked(DNS, ['10.244.0.2', 53])],
    gone: [tracked(DNS, ['10.244.0.3', 53])],
  },
);

test(
  'CT-05 a node port counts on the addresses that accept it',
  deletes,
  'IPv4',
  [nodePort(1, 31311), nodeAddress('192.0.2.11'), endpoint(1, ...LIVE)],
  {
    kept: [
      tracked(['192.0.2.11', 31311], LIVE),
      tracked(['192.0.2.11', 31312], GONE), // another port
      tracked(['203.0.113.9', 31311], ['203.0.113.9', 31311]), // the same port of another host
    ],
    gone: [tracked(['192.0.2.11', 31311], GONE)],
  },
);

test(
  'a port that is a frontend and a node port: either may serve',
  deletes,
  'IPv4',
  [
    nodeAddress('192.0.2.11'),
    nodePort(1, 31311),
    frontend(2, '192.0.2.11', 31311),
    endpoint(1, '10.244.0.1', 53),
    endpoint(2, '10.244.0.2', 53),
  ],
  {
    kept: [
      tracked(['192.0.2.11', 31311], ['10.244.0.1', 53]),
      tracked(['192.0.2.11', 31311], ['10.244.0.2', 53]),
    ],
    gone: [tracked(['192.0.2.11', 31311], GONE)],
  },
);

test('CT-11 entries of other zones are treated alike', deletes, 'IPv4', DNS_RULES, {
  kept: [tracked(DNS, LIVE, { zone: 7 })],
  gone: [tracked(DNS, GONE), tracked(DNS, GONE, { zone: 9 })],
});

test('an empty table, no rules', async (t) => {
  const { namespace, table } = await openTable(t);
  t.deepEqual(await table.deleteStale(rows(...DNS_RULES)), { seen: 0, deleted: 0 });
  await putTracked(namespace, [tracked(DNS, GONE)]);
  t.deepEqual(await table.deleteStale(rows()), { seen: 1, deleted: 0 });
});

test('CT-02 the kernel lists only UDP entries of the family', async (t) => {
  const { namespace, table } = await openTable(t);
  await putTracked(namespace, [
    tracked(DNS, GONE, { protocol: 'TCP' }),
    tracked(DNS, GONE, { protocol: 'SCTP' }),
    tracked(['fd00::10', 53], ['fd00:244::6', 5353]),
    tracked(DNS, LIVE),
  ]);
  t.is((await table.deleteStale(rows())).seen, 1);
});

test('calls run one after the other', async (t) => {
  const { namespace, table } = await openTable(t);
  await putTracked(namespace, [tracked(DNS, GONE)]);
  const results = await Promise.all([1, 2].map(() => table.deleteStale(rows(...DNS_RULES))));
  t.deepEqual(results, [
    { seen: 1, deleted: 1 },
    { seen: 0, deleted: 0 },
  ]);
});

test('a call after close is rejected, and close may be called again', async (t) => {
  const { table } = await openTable(t);
  table.close();
  table.close();
  await t.throwsAsync(table.deleteStale(rows()), { code: 'ERR_CLOSED', message: 'closed' });
});

const refuses = test.macro(async (t: ExecutionContext, words: readonly number[], message: string) => {
  const { table } = await openTable(t);
  await t.throwsAsync(table.deleteStale(rows(words)), { name: 'RangeError', message });
});

test('a row of another kind', refuses, [9, 1, 53, 1], 'rules: there is no row 9');
test('a row that is cut off', refuses, [FRONTEND, 1, 53], 'rules: the last row is cut off');
test('a port that is none', refuses, [FRONTEND, 1, 65536, 1], 'rules: 65536 is not a port');

test('bad options', (t) => {
  t.throws(() => new untyped.ConntrackTable(undefined), {
    name: 'TypeError',
    message: 'options: must be an object',
  });
  t.throws(() => new untyped.ConntrackTable({ family: 'IPv5' }), { name: 'RangeError' });
  const elsewhere = { family: 'IPv4', namespace: 'nodeplane-no-such' };
  t.throws(() => new untyped.ConntrackTable(elsewhere), { code: 'ENOENT' });
});

const MANY = 50_000;

/** Connections of many clients to the frontend, one in `every` of them to an endpoint that is gone. */
function crowd(count: number, every: number): Tracked[] {
  return Array.from({ length: count }, (_, n) =>
    tracked(DNS, n % every === 0 ? GONE : LIVE, {
      source: [`10.${n >> 14}.${(n >> 6) & 255}.1`, 1024 + (n & 63)],
    }),
  );
}

test.serial('CT-02 a large table: one pass, every stale entry and no other', async (t) => {
  const { namespace, table } = await openTable(t);
  await putTracked(namespace, crowd(MANY, 10));
  const start = performance.now();
  const result = await table.deleteStale(rows(...DNS_RULES));
  t.log(`${MANY} entries, a tenth of them stale: ${(performance.now() - start).toFixed(1)} ms`);
  t.is(result.deleted, MANY / 10);
  t.true(result.seen >= MANY, `${result.seen} seen`);
  const left = await trackedIn(namespace);
  t.is(left.length, MANY - MANY / 10);
  t.true(left.every((text) => text.includes(`replies from ${LIVE.join(' ')}`)));
});

test.serial('CT-11 a table that grows and shrinks meanwhile', async (t) => {
  const { namespace, table } = await openTable(t);
  let isGrowing = true;
  const growing = putTracked(namespace, crowd(MANY, 2)).finally(() => {
    isGrowing = false;
  });
  let deleted = 0;
  while (isGrowing) deleted += (await table.deleteStale(rows(...DNS_RULES))).deleted;
  await growing;
  deleted += (await table.deleteStale(rows(...DNS_RULES))).deleted;
  t.is(deleted, MANY / 2);
  const left = await trackedIn(namespace);
  t.is(left.length, MANY / 2);
  t.true(left.every((text) => text.includes(`replies from ${LIVE.join(' ')}`)));
});

test.serial('close gives up a pass over a large table', async (t) => {
  const { namespace, table } = await openTable(t);
  await putTracked(namespace, crowd(MANY, MANY));
  const passes = Array.from({ length: 200 }, () => table.deleteStale(rows(...DNS_RULES)));
  await passes[0];
  table.close();
  const outcomes = await Promise.allSettled(passes);
  t.true(outcomes.slice(1).some((it) => it.status === 'rejected'));
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') t.regex(outcome.reason.code, /^(ECANCELED|ERR_CLOSED)$/);
  }
});
