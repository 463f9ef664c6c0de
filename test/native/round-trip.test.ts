import test, { type ExecutionContext } from 'ava';
import { listedElements } from './listed-elements.ts';
import {
  CLUSTER_IPS,
  del,
  type Family,
  FRONTENDS,
  HAIRPIN,
  ip,
  NFT_FAMILY,
  openTable,
  PORTS,
  put,
  RANGES,
  rows,
  SLOTS,
  TCP,
  UDP,
} from './table.ts';

interface Case {
  readonly family: Family;
  readonly set: number;
  readonly name: string;
  readonly kind: 'set' | 'map';
  readonly rows: readonly number[][];
  /** What `nft -j list` prints. */
  readonly listed: readonly unknown[];
}

const SERVICE_6 = [0xfd000010, 0x96, 0, 0x0a];
const ENDPOINT_6 = [0xfd000010, 0x0244, 0, 0xffff0005];

const SERVICE_6_TEXT = 'fd00:10:0:96::a';
const ENDPOINT_6_TEXT = 'fd00:10:0:244::ffff:5';

/** Writes rows, has nft print them, reads them back, deletes them. */
const roundTrip = test.macro({
  title: (_, each: Case) => `${each.family} ${each.name} as nft prints it`,
  exec: async (t: ExecutionContext, each: Case) => {
    const { namespace, table } = await openTable(t, each.family);
    const list = () => listedElements(namespace, each.kind, NFT_FAMILY[each.family], each.name);

    table.commit(rows(...each.rows));
    t.deepEqual(await list(), each.listed.map((element) => JSON.stringify(element)).sort());
    t.deepEqual(sorted(await table.read(each.set), each.rows), [...each.rows].map(String).sort());

    table.commit(rows(...each.rows.map(([, ...fields]) => del(each.set, ...keyOf(each, fields)))));
    t.deepEqual(await list(), []);
    t.is((await table.read(each.set)).length, 0);
  },
});

/** Words of the key: what a delete wants. */
function keyOf(each: Case, fields: readonly number[]): number[] {
  const address = each.family === 'IPv4' ? 1 : 4;
  const words = [address + 2, address + 3, address, 2 * address, 1, 2 * (1 + address)][each.set];
  return fields.slice(0, words);
}

/** Rows as text, in an order that does not vary; they are as long as those they are compared with. */
function sorted(read: Uint32Array, like: readonly number[][]): string[] {
  const words = like[0]?.length ?? 1;
  return Array.from({ length: read.length / words }, (_, i) =>
    String([...read.slice(i * words, (i + 1) * words)]),
  ).sort();
}

test(roundTrip, {
  family: 'IPv4',
  set: FRONTENDS,
  name: 'frontends-1',
  kind: 'set',
  rows: [
    put(FRONTENDS, 0x0a600001, TCP, 80),
    put(FRONTENDS, 0xffffffff, 132, 65535),
    put(FRONTENDS, 0, 0, 0),
  ],
  listed: [
    { concat: ['10.96.0.1', 'tcp', 80] },
    { concat: ['255.255.255.255', 'sctp', 65535] },
    { concat: ['0.0.0.0', 'ip', 0] },
  ],
});

test(roundTrip, {
  family: 'IPv4',
  set: SLOTS,
  name: 'slots',
  kind: 'map',
  rows: [
    put(SLOTS, 0x0a600001, TCP, 80, 0, 0x0af40005, 8080),
    put(SLOTS, 0x0a600001, TCP, 80, 65535, 0x0af40006, 8081),
  ],
  listed: [
    [{ concat: ['10.96.0.1', 'tcp', 80, 0] }, { concat: ['10.244.0.5', 8080] }],
    [{ concat: ['10.96.0.1', 'tcp', 80, 65535] }, { concat: ['10.244.0.6', 8081] }],
  ],
});

test(roundTrip, {
  family: 'IPv4',
  set: CLUSTER_IPS,
  name: 'cluster-ips',
  kind: 'set',
  rows: [put(CLUSTER_IPS, 0x0a600001)],
  listed: ['10.96.0.1'],
});

test(roundTrip, {
  family: 'IPv4',
  set: HAIRPIN,
  name: 'hairpin',
  kind: 'set',
  rows: [put(HAIRPIN, 0x0af40005, 0x0af40006)],
  listed: [{ concat: ['10.244.0.5', '10.244.0.6'] }],
});

test(roundTrip, {
  family: 'IPv4',
  set: PORTS,
  name: 'ports',
  kind: 'map',
  rows: [put(PORTS, 443, UDP)],
  listed: [[443, 'udp']],
});

test(roundTrip, {
  family: 'IPv6',
  set: FRONTENDS,
  name: 'frontends-1',
  kind: 'set',
  rows: [put(FRONTENDS, ...SERVICE_6, UDP, 53)],
  listed: [{ concat: [SERVICE_6_TEXT, 'udp', 53] }],
});

test(roundTrip, {
  family: 'IPv6',
  set: SLOTS,
  name: 'slots',
  kind: 'map',
  rows: [put(SLOTS, ...SERVICE_6, TCP, 80, 3, ...ENDPOINT_6, 8080)],
  listed: [[{ concat: [SERVICE_6_TEXT, 'tcp', 80, 3] }, { concat: [ENDPOINT_6_TEXT, 8080] }]],
});

test(roundTrip, {
  family: 'IPv6',
  set: CLUSTER_IPS,
  name: 'cluster-ips',
  kind: 'set',
  rows: [put(CLUSTER_IPS, ...SERVICE_6), put(CLUSTER_IPS, ...ENDPOINT_6)],
  listed: [SERVICE_6_TEXT, ENDPOINT_6_TEXT],
});

test(roundTrip, {
  family: 'IPv6',
  set: HAIRPIN,
  name: 'hairpin',
  kind: 'set',
  rows: [put(HAIRPIN, ...SERVICE_6, ...ENDPOINT_6)],
  listed: [{ concat: [SERVICE_6_TEXT, ENDPOINT_6_TEXT] }],
});

/** In sets of ranges nft takes numbers to be in network byte order, which the addon does not: these bytes are the same both ways. */
const LIST = 0x03000003;
const LIST_TEXT = '300:3';

test(roundTrip, {
  family: 'IPv4',
  set: RANGES,
  name: 'ranges',
  kind: 'set',
  rows: [
    put(RANGES, LIST, 0x0a000000, LIST, 0x0affffff),
    put(RANGES, 0x12343412, 0x0a000000, 0x12343412, 0x0affffff),
    put(RANGES, LIST, 0xc0000201, LIST, 0xc0000201),
    put(RANGES, 0, 0, 0, 0x7fffffff),
  ],
  listed: [
    { concat: [LIST_TEXT, { prefix: { addr: '10.0.0.0', len: 8 } }] },
    { concat: ['1234:3412', { prefix: { addr: '10.0.0.0', len: 8 } }] },
    { concat: [LIST_TEXT, '192.0.2.1'] },
    { concat: ['none', { prefix: { addr: '0.0.0.0', len: 1 } }] },
  ],
});

test(roundTrip, {
  family: 'IPv6',
  set: RANGES,
  name: 'ranges',
  kind: 'set',
  rows: [
    put(RANGES, 0, 0xfd000010, 0, 0, 0, 0, 0xfd000010, 0xffffffff, 0xffffffff, 0xffffffff),
    put(RANGES, LIST, ...SERVICE_6, LIST, ...SERVICE_6),
  ],
  listed: [
    { concat: ['none', { prefix: { addr: 'fd00:10::', len: 32 } }] },
    { concat: [LIST_TEXT, SERVICE_6_TEXT] },
  ],
});

test('ranges that overlap are refused, and the row is named', async (t) => {
  const { table } = await openTable(t);
  table.commit(rows(put(RANGES, 3, 0x0a000000, 3, 0x0affffff)));
  const error = t.throws(() => table.commit(rows(put(CLUSTER_IPS, 1), put(RANGES, 3, ip(0), 3, ip(1)))));
  t.like(error, { code: 'EEXIST', row: 1 });
  t.notThrows(() => table.commit(rows(put(RANGES, 4, ip(0), 4, ip(1)))));
});

test('a slot is replaced by a delete and a put in one batch', async (t) => {
  const { namespace, table } = await openTable(t);
  table.commit(rows(put(SLOTS, 1, TCP, 80, 0, 2, 8080)));
  table.commit(rows(del(SLOTS, 1, TCP, 80, 0), put(SLOTS, 1, TCP, 80, 0, 3, 8080)));
  t.deepEqual(await listedElements(namespace, 'map', 'ip', 'slots'), [
    JSON.stringify([{ concat: ['0.0.0.1', 'tcp', 80, 0] }, { concat: ['0.0.0.3', 8080] }]),
  ]);
});

test('an element that is there may be put again', async (t) => {
  const { table } = await openTable(t);
  const batch = rows(put(SLOTS, 1, TCP, 80, 0, 2, 8080), put(CLUSTER_IPS, 1));
  table.commit(batch);
  t.notThrows(() => table.commit(batch));
  t.is((await table.read(SLOTS)).length, 7);
});

test('no rows are no transaction', async (t) => {
  const { table } = await openTable(t);
  t.notThrows(() => table.commit(rows()));
  await t.notThrowsAsync(table.commitInBackground(rows()));
});
