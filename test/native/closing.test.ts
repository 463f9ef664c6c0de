import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { loadAddon, type NftablesTable } from '../../src/native/addon.ts';
import { privateNamespace } from '../helpers/netns.ts';
import { CLUSTER_IPS, openTable, openTableIn, put, rows, SLOTS, slots } from './table.ts';

const CLOSED = { code: 'ERR_CLOSED', message: 'closed' };

test('close may be called again', async (t) => {
  const { table } = await openTable(t);
  table.close();
  t.notThrows(() => table.close());
});

test('commit throws once closed', async (t) => {
  const { table } = await openTable(t);
  table.close();
  t.throws(() => table.commit(rows(put(CLUSTER_IPS, 1))), CLOSED);
});

const rejects = test.macro({
  title: (name) => `${name} rejects once closed`,
  exec: async (t: ExecutionContext, call: (table: NftablesTable) => Promise<unknown>) => {
    const { table } = await openTable(t);
    table.close();
    await t.throwsAsync(call(table), CLOSED);
  },
});

test('commitInBackground', rejects, (table) => table.commitInBackground(rows(put(CLUSTER_IPS, 1))));
test('runScript', rejects, (table) => table.runScript('list tables'));
test('read', rejects, (table) => table.read(SLOTS));
test('exists', rejects, (table) => table.exists());
test('drop', rejects, (table) => table.drop());

// Serial: other tests of this file would hold up the event loop between the load and close().
test.serial('close settles all promises: work under way is done, what waits is rejected', async (t) => {
  const { table } = await openTable(t);
  const idle = table.exists();
  const load = table.commitInBackground(slots(200_000));
  const waiting = Array.from({ length: 20 }, () => table.read(SLOTS));
  await idle;
  await new Promise((resolve) => setTimeout(resolve, 20)); // the thread has gone on to the load, which takes 300 ms
  table.close();
  await t.notThrowsAsync(load);
  for (const each of await Promise.allSettled(waiting)) {
    t.like(each, { status: 'rejected', reason: CLOSED });
  }
});

test.serial('close gives up a read, however large the set', async (t) => {
  const { table } = await openTable(t);
  await table.commitInBackground(slots(200_000));
  const reading = table.read(SLOTS);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const start = performance.now();
  table.close();
  await t.throwsAsync(reading, { code: 'ECANCELED' });
  t.true(performance.now() - start < 500, 'to read it all takes a second');
});

test('tasks run in the order of their calls', async (t) => {
  const { table } = await openTable(t);
  const settled: string[] = [];
  await Promise.all([
    table.commitInBackground(slots(10_000)).then(() => settled.push('load')),
    table.read(SLOTS).then((read) => settled.push(`read ${read.length / 7}`)),
    table.drop().then(() => settled.push('drop')),
    table.exists().then((exists) => settled.push(`exists ${exists}`)),
  ]);
  t.deepEqual(settled, ['load', 'read 10000', 'drop', 'exists false']);
});

test('a table that nothing refers to keeps its promises', async (t) => {
  const { namespace } = await openTable(t);
  const unreferenced = () => openTableIn(t, namespace).commitInBackground(slots(20_000));
  await t.notThrowsAsync(unreferenced());
});

/** Runs a program that leaves in the middle of something: it must neither crash nor hang. */
const leaves = test.macro({
  title: (_, way: string) => `a process that leaves: ${way}`,
  exec: async (t: ExecutionContext, way: string) => {
    const program = fileURLToPath(new URL('programs/leave.ts', import.meta.url));
    const namespace = await privateNamespace(t);
    const { stdout } = await promisify(execFile)(process.execPath, [program, way, namespace], {
      timeout: 60_000,
    });
    t.is(stdout, `${way}\n`);
  },
});

for (const way of [
  'exit-mid-load',
  'exit-with-queue',
  'exit-from-promise',
  'end-with-open-table',
  'end-with-open-monitor',
  'throw-mid-load',
  'worker-ends',
]) {
  test(leaves, way);
}

test('a namespace that does not exist', (t) => {
  const { NftablesTable, NftablesMonitor } = loadAddon();
  const wanted = {
    code: 'ENOENT',
    message: /cannot enter network namespace nodeplane-no-such: No such file/,
  };
  const options = { namespace: 'nodeplane-no-such', family: 'IPv4', table: 'nodeplane', sets: [] } as const;
  t.throws(() => new NftablesTable(options), wanted);
  t.throws(() => new NftablesMonitor(options, () => {}), wanted);
});

test('a path that is no namespace', (t) => {
  const { NftablesTable } = loadAddon();
  const options = { namespace: '/proc/self/status', family: 'IPv4', table: 'nodeplane', sets: [] } as const;
  t.throws(() => new NftablesTable(options), { code: 'EINVAL' });
});
