import test, { type ExecutionContext } from 'ava';
import type { NftablesTable } from '../../src/native/addon.ts';
import { privateNamespace } from '../helpers/netns.ts';
import {
  CLUSTER_IPS,
  del,
  FRONTENDS,
  ip,
  openTable,
  openTableIn,
  put,
  rows,
  SLOTS,
  slot,
  slots,
  TCP,
} from './table.ts';

interface Refusal {
  readonly code: string;
  readonly errno: number;
  readonly row: number;
  readonly message: string;
}

/** Both ways to commit must refuse a batch alike, and leave the table as it was. */
async function refused(t: ExecutionContext, table: NftablesTable, batch: Uint32Array, wanted: Refusal) {
  const before = [await table.read(SLOTS), await table.read(CLUSTER_IPS)];
  const thrown = t.throws(() => table.commit(batch));
  t.like(thrown, { ...wanted, name: 'Error' });
  t.like(await t.throwsAsync(table.commitInBackground(batch)), { ...wanted, name: 'Error' });
  t.deepEqual([await table.read(SLOTS), await table.read(CLUSTER_IPS)], before);
}

test('other data for a key that is there: EEXIST names the row among puts of one message', async (t) => {
  const { table } = await openTable(t);
  table.commit(rows(slot(17)));
  const batch = rows(...Array.from({ length: 100 }, (_, n) => (n === 17 ? slot(17, ip(99)) : slot(n))));
  await refused(t, table, batch, {
    code: 'EEXIST',
    errno: 17,
    row: 17,
    message: 'nftables: cannot put row 17 into set slots of table ip nodeplane: File exists (EEXIST)',
  });
});

test('a delete of what is absent: ENOENT names the row among 100', async (t) => {
  const { table } = await openTable(t);
  table.commit(rows(...Array.from({ length: 100 }, (_, n) => put(CLUSTER_IPS, ip(n)))));
  const batch = rows(...Array.from({ length: 100 }, (_, n) => del(CLUSTER_IPS, ip(n === 63 ? 1000 : n))));
  await refused(t, table, batch, {
    code: 'ENOENT',
    errno: 2,
    row: 63,
    message:
      'nftables: cannot delete row 63 from set cluster-ips of table ip nodeplane: No such file or directory (ENOENT)',
  });
});

test('the first refusal of several is told, across messages', async (t) => {
  const { table } = await openTable(t);
  const good = (n: number) => [put(CLUSTER_IPS, ip(n)), put(FRONTENDS, ip(n), TCP, 80)];
  const batch = rows(...good(1), ...good(2), del(CLUSTER_IPS, ip(7)), ...good(3), del(CLUSTER_IPS, ip(8)));
  await refused(t, table, batch, {
    code: 'ENOENT',
    errno: 2,
    row: 4,
    message:
      'nftables: cannot delete row 4 from set cluster-ips of table ip nodeplane: No such file or directory (ENOENT)',
  });
});

test('a row far into a batch of many messages', async (t) => {
  const { table } = await openTable(t);
  const row = 54_321;
  table.commit(rows(slot(row, ip(1))));
  const error = await t.throwsAsync(table.commitInBackground(slots(100_000)));
  t.like(error, { code: 'EEXIST', row });
  t.is((await table.read(SLOTS)).length, slot(0).length);
});

test('more refusals than the socket has room for', async (t) => {
  const { table } = await openTable(t);
  // Puts and deletes by turns: a message, and so a refusal, for every row.
  const count = 30_000;
  const batch = rows(
    ...Array.from({ length: count }, (_, n) =>
      n % 2 ? del(CLUSTER_IPS, ip(n)) : put(SLOTS, n, TCP, 0, 0, 0, 0),
    ),
  );
  t.like(await t.throwsAsync(table.commitInBackground(batch)), { code: 'ENOENT', row: 1 });
  t.notThrows(() => table.commit(rows(put(CLUSTER_IPS, 1))));
});

test("a table that is missing is no row's fault", async (t) => {
  const table = openTableIn(t, await privateNamespace(t));
  t.like(
    t.throws(() => table.commit(rows(put(CLUSTER_IPS, 1)))),
    {
      code: 'ENOENT',
      row: -1,
      message:
        'nftables: cannot find set cluster-ips of table ip nodeplane: No such file or directory (ENOENT)',
    },
  );
});

test('reading a set that is missing', async (t) => {
  const table = openTableIn(t, await privateNamespace(t));
  t.like(await t.throwsAsync(table.read(SLOTS)), { code: 'ENOENT', row: -1 });
});

test('commits go on after a refusal', async (t) => {
  const { table } = await openTable(t);
  t.throws(() => table.commit(rows(del(CLUSTER_IPS, 1))));
  t.notThrows(() => table.commit(rows(put(CLUSTER_IPS, 1))));
  t.notThrows(() => table.commit(rows(del(CLUSTER_IPS, 1))));
});
