import test, { type ExecutionContext } from 'ava';
import { MAX_COMMIT_WORDS } from '../../src/native/addon.ts';
import { CLUSTER_IPS, del, FRONTENDS, openTable, PORTS, put, rows, SLOTS } from './table.ts';
import type { Fault } from './untyped.ts';

/** Both ways to commit must refuse bad rows alike: one throws, the other rejects. */
const badRows = test.macro({
  title: (given = '', name: Fault, message: string) => `rows ${given}: ${name}: ${message}`,
  exec: async (t: ExecutionContext, name: Fault, message: string, batch: unknown) => {
    const { table } = await openTable(t);
    t.throws(() => table.commit(batch as Uint32Array), { name, message });
    await t.throwsAsync(table.commitInBackground(batch as Uint32Array), { name, message });
    t.is((await table.read(CLUSTER_IPS)).length, 0);
  },
});

function detached(): Uint32Array {
  const buffer = new ArrayBuffer(8);
  const batch = new Uint32Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  return batch;
}

const good = put(CLUSTER_IPS, 1);
test('missing', badRows, 'TypeError', 'rows: must be a Uint32Array', undefined);
test('array', badRows, 'TypeError', 'rows: must be a Uint32Array', [1]);
test('signed', badRows, 'TypeError', 'rows: must be a Uint32Array', new Int32Array(2));
test('view', badRows, 'TypeError', 'rows: must be a Uint32Array', new DataView(new ArrayBuffer(8)));
test(badRows, 'TypeError', 'rows: must not be in shared memory', new Uint32Array(new SharedArrayBuffer(8)));
test(badRows, 'TypeError', 'rows: their buffer is detached', detached());
test(
  badRows,
  'RangeError',
  'rows: row 3 names set 9, but the table has 6 sets',
  rows(good, good, good, put(9, 1)),
);
test(
  badRows,
  'RangeError',
  'rows: row 1 has verb 0, but only 1 (put) and 2 (delete) are known',
  rows(good, [0]),
);
test(
  badRows,
  'RangeError',
  'rows: row 1 has verb 3, but only 1 (put) and 2 (delete) are known',
  rows(good, [0x30000]),
);
test(
  badRows,
  'RangeError',
  'rows: row 1 of set slots needs 7 words, but 6 are left',
  rows(good, put(SLOTS, 1, 2, 3, 4, 5)),
);
test(badRows, 'RangeError', 'rows: row 1 of set slots needs 5 words, but 1 are left', rows(good, del(SLOTS)));
test(
  badRows,
  'RangeError',
  'rows: row 1 has port 65536, but the most is 65535',
  rows(good, put(FRONTENDS, 1, 6, 65_536)),
);
test(
  badRows,
  'RangeError',
  'rows: row 1 has protocol 256, but the most is 255',
  rows(good, put(PORTS, 1, 256)),
);

test('commit takes a limited number of words', async (t) => {
  const { table } = await openTable(t);
  const most = new Array(MAX_COMMIT_WORDS / 2).fill(good);
  t.notThrows(() => table.commit(rows(...most)));
  t.throws(() => table.commit(rows(...most, good)), {
    name: 'RangeError',
    message: 'rows: 4098 words are too many for commit, which takes 4096; use commitInBackground',
  });
  await t.notThrowsAsync(table.commitInBackground(rows(...most, good)));
});
