/** What the addon does with rows: whole or not at all, and read back as they were. */
import test, { type ExecutionContext } from 'ava';
import {
  DELETE,
  EBPF_ROW,
  type EbpfTable,
  type KernelError,
  loadAddon,
  rowHead,
} from '../../../src/native/addon.ts';
import type { Family } from '../../../src/net/address.ts';
import { privateNamespace } from '../../helpers/netns.ts';
import { rows } from './node.ts';

const A6 = [0xfd000096, 1, 2, 3];
const B6 = [0xfd000096, 1, 2, 4];

const ROWS: Readonly<Record<Family, readonly (readonly number[])[]>> = {
  IPv4: [
    [EBPF_ROW.FRONTEND, 0x0a60000a, 6, 80, 1, 7, 2, 0, 3, 0, 0, 0, 9],
    [EBPF_ROW.FRONTEND, 0, 17, 30053, 1, 8, 1, 10800, 1, 9, 1, 10800, 0],
    [EBPF_ROW.SLOT, 7, 0, 0x0af40105, 8080],
    [EBPF_ROW.SLOT, 7, 1, 0x0af40106, 8080],
    [EBPF_ROW.AFFINITY_SLOT, 8, 0, 16383],
    [EBPF_ROW.AFFINITY_ENDPOINT, 8, 16383, 0x0af40105, 53],
    [EBPF_ROW.SOURCE, 8, 0, 0],
    [EBPF_ROW.SOURCE, 8, 12, 0xac100000],
    [EBPF_ROW.SOURCE, 9, 12, 0xac100000],
    [EBPF_ROW.CLUSTER_IP, 0x0a60000a],
    [EBPF_ROW.HAIRPIN, 0x0af40105],
  ],
  IPv6: [
    [EBPF_ROW.FRONTEND, ...A6, 132, 80, 2, 0, 0, 0, 0, 0, 0, 0, 0],
    [EBPF_ROW.SLOT, 2147483647, 65535, ...B6, 65535],
    [EBPF_ROW.AFFINITY_ENDPOINT, 8, 0, ...B6, 53],
    [EBPF_ROW.SOURCE, 65535, 128, ...A6],
    [EBPF_ROW.CLUSTER_IP, ...A6],
    [EBPF_ROW.HAIRPIN, ...B6],
  ],
};

async function prepared(t: ExecutionContext, family: Family): Promise<EbpfTable> {
  const { EbpfTable } = loadAddon();
  const table = new EbpfTable({ family, namespace: await privateNamespace(t), connections: 2 ** 10 });
  t.teardown(() => table.close());
  await table.prepare(rows([EBPF_ROW.FLAGS, 0]));
  return table;
}

/** Rows as texts, sorted: they are read in no order. */
async function readTexts(table: EbpfTable, family: Family): Promise<string[]> {
  const words = [...(await table.read())];
  const texts: string[] = [];
  while (words.length > 0) texts.push(words.splice(0, widthOf(family, (words[0] ?? 0) & 0xffff)).join());
  return texts.toSorted();
}

function widthOf(family: Family, kind: number): number {
  const address = family === 'IPv4' ? 1 : 4;
  const widths = [0, 12 + address, 4 + address, 4, 4 + address, 3 + address, 1 + address, 1 + address];
  return widths[kind] ?? Number.NaN;
}

function texts(each: readonly (readonly number[])[]): string[] {
  return each.map((row) => rows(row).join()).toSorted();
}

for (const family of ['IPv4', 'IPv6'] as const) {
  test(`${family}: rows of every kind are read back, and gone when they are deleted`, async (t) => {
    const table = await prepared(t, family);
    table.commit(rows(...ROWS[family]));
    t.deepEqual(await readTexts(table, family), texts(ROWS[family]));
    const [kept, ...others] = ROWS[family];
    table.commit(Uint32Array.from(others.flatMap((row) => deletion(family, row))));
    t.deepEqual(await readTexts(table, family), texts(kept === undefined ? [] : [kept]));
  });
}

/** The key words of each kind. */
function deletion(family: Family, [kind = 0, ...words]: readonly number[]): number[] {
  const address = family === 'IPv4' ? 1 : 4;
  const keys = [0, address + 2, 2, 2, 2, 2 + address, address, address];
  return [rowHead(DELETE, kind), ...words.slice(0, keys[kind])];
}

test('a put replaces, and to delete what is not there is no error', async (t) => {
  const table = await prepared(t, 'IPv4');
  table.commit(rows([EBPF_ROW.SLOT, 1, 0, 10, 1]));
  table.commit(rows([EBPF_ROW.SLOT, 1, 0, 20, 2]));
  t.notThrows(() => table.commit(Uint32Array.of(rowHead(DELETE, EBPF_ROW.SLOT), 1, 1)));
  t.deepEqual(await readTexts(table, 'IPv4'), texts([[EBPF_ROW.SLOT, 1, 0, 20, 2]]));
});

/** Of the map of hairpins; the kernel counts for each CPU and so lets some more in. */
const TOO_MANY = 2 ** 16 + 1000;

test('when a map is full the row is named, and all others are undone', async (t) => {
  const table = await prepared(t, 'IPv4');
  const before = [
    [EBPF_ROW.SLOT, 1, 0, 10, 1],
    [EBPF_ROW.SOURCE, 1, 8, 0x0a000000],
    [EBPF_ROW.HAIRPIN, 5],
  ];
  table.commit(rows(...before));
  const batch = [
    ...Array.from({ length: TOO_MANY }, (_, index) => [EBPF_ROW.HAIRPIN, index + 1]),
    [EBPF_ROW.SLOT, 1, 0, 20, 2],
    [EBPF_ROW.SLOT, 1, 1, 30, 2],
    [EBPF_ROW.SOURCE, 1, 16, 0x0a010000],
  ];
  const error = await t.throwsAsync<KernelError>(table.commitInBackground(rows(...batch)));
  t.is(error?.code, 'E2BIG');
  t.true((error?.row ?? 0) >= 2 ** 16 - 1000 && (error?.row ?? 0) < TOO_MANY, `row ${error?.row}`);
  t.deepEqual(await readTexts(table, 'IPv4'), texts(before));
});

for (const [what, row] of [
  ['a kind that is none', [99, 1]],
  ['a row that is cut off', [EBPF_ROW.SLOT, 1]],
  ['a port that is none', [EBPF_ROW.SLOT, 1, 0, 10, 65536]],
  ['a set that is too high', [EBPF_ROW.SLOT, 2 ** 31, 0, 10, 1]],
  ['a prefix that is too long', [EBPF_ROW.SOURCE, 1, 33, 0]],
  ['settings', [EBPF_ROW.FLAGS, 1]],
] as const) {
  test(`${what} is refused before anything is written`, async (t) => {
    const table = await prepared(t, 'IPv4');
    const batch = rows([EBPF_ROW.SLOT, 1, 0, 10, 1], row);
    t.throws(() => table.commit(batch), { instanceOf: RangeError, message: /row 1/ });
    t.is((await table.read()).length, 0);
  });
}

test('connections are tracked, and the stale ones of UDP deleted', async (t) => {
  const table = await prepared(t, 'IPv4');
  const flow = (protocol: number, endpoint: number): Uint32Array =>
    Uint32Array.of(protocol, 4000 + endpoint, 80, 8080, 0x0af40109, 0x0a60000a, endpoint);
  const [stale, right, tcp] = [flow(17, 1), flow(17, 2), flow(6, 1)];
  for (const each of [stale, right, tcp]) table.track(each);
  const { ENDPOINT, FRONTEND } = { ENDPOINT: 1, FRONTEND: 2 };
  const result = await table.deleteStale(Uint32Array.of(FRONTEND, 1, 80, 0x0a60000a, ENDPOINT, 1, 8080, 2));
  t.deepEqual(result, { seen: 2, deleted: 1 });
  t.deepEqual(
    [stale, right, tcp].map((each) => table.isTracked(each)),
    [false, true, true],
  );
});
