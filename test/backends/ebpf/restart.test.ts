import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { EbpfBackend } from '../../../src/backends/ebpf/ebpf-backend.ts';
import { isEmpty } from '../../../src/delta/delta.ts';
import { satisfies } from '../../../src/delta/programmed-table.ts';
import { tally } from '../../../src/lab/agent-client.ts';
import { run } from '../../../src/lab/command.ts';
import { POD_CIDRS } from '../../../src/lab/network.ts';
import { FAMILIES, type Family } from '../../../src/net/address.ts';
import { privateBpfFilesystem } from '../../helpers/bpf-filesystem.ts';
import { privateNamespace, testNetwork } from '../../helpers/netns.ts';
import { clusterIP, nodeOver, serviceEvents, TARGET_PORT } from '../../helpers/node-under-test.ts';
import { everyKind, startRun } from '../../helpers/runs.ts';
import { settings } from '../../helpers/settings.ts';

/** Where a daemon runs: what it programs outlives it. */
interface Place {
  readonly pins: string;
  /** The backend of the next run of the daemon. */
  open(): EbpfBackend;
}

async function place(t: ExecutionContext, family: Family): Promise<Place> {
  const namespace = await privateNamespace(t);
  const pins = path.join(await privateBpfFilesystem(t), 'nodeplane', family);
  const open = (): EbpfBackend => {
    const backend = new EbpfBackend({ family, namespace, pins, connections: 2 ** 10 });
    t.teardown(() => backend.close());
    return backend;
  };
  return { pins, open };
}

test('START-05 new connections are served while no process is there, and a restart disturbs nobody', async (t) => {
  const network = await testNetwork(t, 2);
  const folder = await privateBpfFilesystem(t);
  const open = () =>
    nodeOver(
      FAMILIES.map((family) => {
        const pins = path.join(folder, family);
        return new EbpfBackend({ family, namespace: network.node.namespace, pins, connections: 2 ** 12 });
      }),
      POD_CIDRS,
    );
  for (const pod of network.pods) {
    const addresses = [pod.IPv4, pod.IPv6];
    await network.agent(pod).listen({ protocol: 'TCP', addresses, port: TARGET_PORT, name: pod.name });
  }
  const events = FAMILIES.flatMap((family) => serviceEvents({ family, number: 1, endpoints: network.pods }));
  const first = open();
  await first.apply(events);
  first.close();
  for (const family of FAMILIES) {
    const target = { protocol: 'TCP', address: clusterIP(family, 1), port: 80, timeoutMs: 10_000 } as const;
    const alone = await network.agent(network.client).probe({ ...target, count: 20 });
    t.deepEqual(Object.keys(tally(alone)).toSorted(), ['pod-1', 'pod-2']);
    const during = network.agent(network.client).probe({ ...target, count: 500, concurrency: 4 });
    const second = open();
    t.teardown(() => second.close());
    await second.apply(events);
    t.deepEqual(second.deltas.map(isEmpty), [true, true]);
    t.deepEqual(Object.keys(tally(await during)).toSorted(), ['pod-1', 'pod-2']);
    second.close();
  }
});

async function rowsOf({ table }: EbpfBackend): Promise<string[]> {
  return [...(await table.read())].map(String);
}

for (const family of FAMILIES) {
  test(`START-03 ${family}: a restart writes nothing, whatever is programmed`, async (t) => {
    const { open } = await place(t, family);
    const events = everyKind(family);
    const backend = open();
    const first = await startRun(t, backend, events);
    t.true(satisfies((await backend.read()).table, first.wanted));
    const before = await rowsOf(backend);
    first.close();
    const again = open();
    const second = await startRun(t, again, events);
    t.deepEqual(second.deltas.map(isEmpty), [true]);
    t.deepEqual(await rowsOf(again), before);
  });

  test(`START-05 ${family}: what is pinned stays when the process goes, and goes with remove()`, async (t) => {
    const { pins, open } = await place(t, family);
    const backend = open();
    const { close } = await startRun(t, backend, everyKind(family));
    close();
    t.true((await readdir(path.join(pins, 'maps'))).length > 0);
    t.true((await readdir(path.join(pins, 'links'))).length > 0);
    await open().remove();
    t.false(existsSync(pins));
  });
}

test('maps of another layout are made anew', async (t) => {
  const { pins, open } = await place(t, 'IPv4');
  const events = everyKind('IPv4');
  (await startRun(t, open(), events)).close();
  const [name = ''] = await readdir(path.join(pins, 'maps'));
  const file = path.join(pins, 'maps', name);
  await run('rm', [file]);
  await run('/usr/sbin/bpftool', [
    'map',
    'create',
    file,
    'type',
    'array',
    'key',
    '4',
    'value',
    '4',
    'entries',
    '1',
    'name',
    'other',
  ]);
  const backend = open();
  t.true(await backend.prepare(settings()));
  const { wanted } = await startRun(t, backend, events);
  t.true(satisfies((await backend.read()).table, wanted));
});

test('a folder that can hold no pins is an error that names it', async (t) => {
  const namespace = await privateNamespace(t);
  const backend = new EbpfBackend({
    family: 'IPv4',
    namespace,
    pins: '/tmp/np-no-bpffs',
    connections: 2 ** 10,
  });
  t.teardown(() => backend.close());
  await t.throwsAsync(backend.prepare(settings()), { message: /np-no-bpffs.*not on a bpffs/ });
});
