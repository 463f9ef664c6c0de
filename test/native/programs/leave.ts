/** Leaves while the addon is busy, in the way that its first argument says, after printing it. */

import { Worker } from 'node:worker_threads';
import { loadAddon } from '../../../src/native/addon.ts';
import { layouts, ruleset, slots } from '../table.ts';

const [, , way = '', namespace = ''] = process.argv;
const { NftablesTable, NftablesMonitor } = loadAddon();

function openTable() {
  return new NftablesTable({ namespace, family: 'IPv4', table: 'nodeplane', sets: layouts('IPv4') });
}

async function loading(times: number): Promise<void> {
  const table = openTable();
  await table.runScript(ruleset('IPv4'));
  const batch = slots(100_000);
  for (let i = 0; i < times; i++) table.commitInBackground(batch).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 20));
}

const WAYS: Readonly<Record<string, () => Promise<void>>> = {
  'exit-mid-load': async () => {
    await loading(1);
    process.exit(0);
  },
  'exit-with-queue': async () => {
    await loading(50);
    process.exit(0);
  },
  'exit-from-promise': async () => {
    const table = openTable();
    await table.exists();
    process.exit(0);
  },
  'end-with-open-table': async () => {
    openTable();
  },
  'end-with-open-monitor': async () => {
    new NftablesMonitor({ namespace }, () => {});
  },
  'throw-mid-load': async () => {
    process.on('uncaughtException', () => process.exit(0));
    await loading(1);
    throw new Error('on purpose');
  },
  'worker-ends': async () => {
    const worker = new Worker(new URL(import.meta.url), { argv: ['exit-mid-load', namespace], stdout: true });
    await new Promise((resolve) => worker.on('exit', resolve));
  },
};

process.stdout.write(`${way}\n`);
await WAYS[way]?.();
