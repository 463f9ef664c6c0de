import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { loadAddon, type NftablesTable } from '../../src/native/addon.ts';
import { CLUSTER_IPS, del, openTable, openTableIn, put, rows, SLOTS, slot, slots } from './table.ts';

const openFiles = (): number => readdirSync('/proc/self/fd').length;
const openThreads = (): number => readdirSync('/proc/self/task').length;

const MIB = 1024 * 1024;
const COMMITS = 20_000;
const TABLES = 200;

function commitMany(table: NftablesTable, count: number): void {
  const replace = rows(del(CLUSTER_IPS, 1), put(CLUSTER_IPS, 1));
  table.commit(rows(put(CLUSTER_IPS, 1)));
  for (let n = 0; n < count; n++) table.commit(replace);
  for (let n = 0; n < count / 1000; n++) refuse(table);
}

/** A refusal makes an error object and parses an extended ack. */
function refuse(table: NftablesTable): void {
  try {
    table.commit(rows(del(CLUSTER_IPS, 2)));
  } catch {}
}

test.serial('commits take no memory that stays', async (t) => {
  const { table } = await openTable(t);
  commitMany(table, COMMITS); // what is allocated once
  const before = process.memoryUsage().rss;
  commitMany(table, COMMITS);
  const growth = process.memoryUsage().rss - before;
  t.true(growth < 32 * MIB, `${growth / MIB} MiB more`);
});

test.serial('background work takes no memory that stays', async (t) => {
  const { table } = await openTable(t);
  await table.commitInBackground(slots(20_000));
  const work = async () => {
    await Promise.all([table.read(SLOTS), table.runScript('list map ip nodeplane slots')]);
    await table.commitInBackground(rows(slot(0)));
  };
  for (let n = 0; n < 5; n++) await work();
  const before = process.memoryUsage().rss;
  for (let n = 0; n < 20; n++) await work();
  const growth = process.memoryUsage().rss - before;
  t.true(growth < 64 * MIB, `${growth / MIB} MiB more`);
});

/**
 * Waits until no more is open than that. A thread ends on its own, and what it shared with JavaScript is closed by the
 * event loop after that, neither of which tells anybody.
 */
async function goneTo(files: number, threads: number): Promise<void> {
  const deadline = performance.now() + 30_000;
  while ((openFiles() > files || openThreads() > threads) && performance.now() < deadline) await sleep(20);
}

test.serial('tables and monitors that are closed leave nothing', async (t) => {
  const { namespace } = await openTable(t);
  const { NftablesMonitor, AddressMonitor, ConntrackTable } = loadAddon();
  const openAndClose = () => {
    const table = openTableIn(t, namespace);
    const monitor = new NftablesMonitor({ namespace }, () => {});
    table.commit(rows(put(CLUSTER_IPS, 1)));
    new AddressMonitor({ namespace }, () => {}).close();
    new ConntrackTable({ namespace, family: 'IPv4' }).close();
    monitor.close();
    table.close();
  };
  openAndClose(); // what is opened once; what it leaves for a moment is little beside a leak of each round
  const [files, threads, memory] = [openFiles(), openThreads(), process.memoryUsage().rss];
  for (let n = 0; n < TABLES; n++) openAndClose();
  await goneTo(files, threads);

  t.true(openFiles() <= files, `${openFiles()} files, ${files} before`);
  t.true(openThreads() <= threads, `${openThreads()} threads, ${threads} before`);
  const growth = process.memoryUsage().rss - memory;
  t.true(growth < 64 * MIB, `${growth / MIB} MiB more`);
});
