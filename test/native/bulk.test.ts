import test from 'ava';
import { openTable, SLOTS, slots } from './table.ts';

const COUNT = 300_000;
const WORDS = 7;

test('300,000 slots in one transaction, while the event loop turns', async (t) => {
  const { table } = await openTable(t);
  const batch = slots(COUNT);
  let turns = 0;
  let loading = true;
  const turn = () => {
    turns += 1;
    if (loading) setImmediate(turn);
  };
  setImmediate(turn);

  const load = table.commitInBackground(batch);
  batch.fill(0); // the rows were copied
  await load;
  loading = false;

  t.true(turns > 100, `the loop turned ${turns} times`);
  t.is(distinctKeys(await table.read(SLOTS)), COUNT);
});

// The kernel hashes a set anew for some time after it has grown, and a plain dump then misses elements.
test('a set is read whole right after it has grown', async (t) => {
  const { table } = await openTable(t);
  for (const count of [2_000, 20_000, 100_000]) {
    await table.commitInBackground(slots(count));
    t.is(distinctKeys(await table.read(SLOTS)), count);
  }
});

/** Slots are told apart by service address and index. */
function distinctKeys(read: Uint32Array): number {
  const keys = new Set<number>();
  for (let i = 0; i < read.length; i += WORDS) keys.add((read[i + 1] ?? 0) * 10 + (read[i + 4] ?? 0));
  return keys.size;
}
