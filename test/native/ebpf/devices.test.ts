/** Where the programs are attached. Filters, unlike links, are what `tc` shows. */
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { addNamespaces, removeNamespaces } from '../../../src/lab/namespaces.ts';
import { EBPF_ROW, type EbpfTable, loadAddon } from '../../../src/native/addon.ts';
import { exec } from '../../helpers/netns.ts';
import { rows } from './node.ts';

interface Attached {
  readonly namespace: string;
  readonly table: EbpfTable;
}

async function attached(t: ExecutionContext, purpose: string): Promise<Attached> {
  const namespace = `np-test-${process.pid}-${purpose}`;
  await addNamespaces([namespace]);
  t.teardown(() => removeNamespaces([namespace]));
  await exec(namespace, 'ip', 'link', 'add', 'early0', 'type', 'veth', 'peer', 'name', 'early1');
  const { EbpfTable } = loadAddon();
  const table = new EbpfTable({ family: 'IPv4', namespace, connections: 2 ** 10, links: false });
  t.teardown(() => table.close());
  await table.prepare(rows([EBPF_ROW.FLAGS, 0]));
  return { namespace, table };
}

/** Programs of a device: how many arriving, how many leaving. */
async function programsOf(namespace: string, device: string): Promise<[number, number]> {
  const count = async (direction: string): Promise<number> => {
    const text = await exec(namespace, 'tc', 'filter', 'show', 'dev', device, direction);
    return text.match(/direct-action/g)?.length ?? 0;
  };
  return [await count('ingress'), await count('egress')];
}

/** Waits until a device has so many: nobody tells of filters, but whoever is asked. */
async function settled(namespace: string, device: string, wanted: number): Promise<[number, number]> {
  const patience = performance.now() + 10_000;
  for (;;) {
    const found = await programsOf(namespace, device);
    if (found[0] + found[1] === wanted || performance.now() > patience) return found;
    await setTimeout(20);
  }
}

test('every device that is there has both programs, the loopback the one for what leaves', async (t) => {
  const { namespace } = await attached(t, 'there');
  t.deepEqual(await programsOf(namespace, 'early0'), [1, 1]);
  t.deepEqual(await programsOf(namespace, 'lo'), [0, 1]);
});

test('a device that comes later gets them as well', async (t) => {
  const { namespace } = await attached(t, 'later');
  await exec(namespace, 'ip', 'link', 'add', 'late0', 'type', 'veth', 'peer', 'name', 'late1');
  t.deepEqual(await settled(namespace, 'late0', 2), [1, 1]);
});

test('dropping the table takes them away', async (t) => {
  const { namespace, table } = await attached(t, 'drop');
  t.true(await table.drop());
  t.deepEqual(await programsOf(namespace, 'early0'), [0, 0]);
  t.deepEqual(await programsOf(namespace, 'lo'), [0, 0]);
});

test('what is not pinned goes with the table that is closed', async (t) => {
  const { namespace, table } = await attached(t, 'close');
  table.close();
  t.deepEqual(await settled(namespace, 'early0', 0), [0, 0]);
});
