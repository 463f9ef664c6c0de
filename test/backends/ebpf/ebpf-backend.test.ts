import test, { type ExecutionContext } from 'ava';
import { ApplyError } from '../../../src/backends/backend.ts';
import { EbpfBackend } from '../../../src/backends/ebpf/ebpf-backend.ts';
import { emptyProgrammedTable, satisfies } from '../../../src/delta/programmed-table.ts';
import { DELETE, EBPF_ROW, PUT, rowHead } from '../../../src/native/addon.ts';
import { FAMILIES, type Family } from '../../../src/net/address.ts';
import { backendContract, web } from '../../contract/backend-contract.ts';
import { Cluster } from '../../helpers/cluster.ts';
import { privateNamespace } from '../../helpers/netns.ts';
import { settings } from '../../helpers/settings.ts';

/** Nothing is pinned: all of it is gone with the backend. */
async function prepared(t: ExecutionContext, family: Family): Promise<EbpfBackend> {
  const backend = new EbpfBackend({ family, namespace: await privateNamespace(t), connections: 2 ** 10 });
  t.teardown(() => backend.close());
  await backend.prepare(settings());
  return backend;
}

backendContract(test, 'ebpf', prepared, 30);

for (const family of FAMILIES) {
  test(`${family}: a large delta goes in the background and is as good`, async (t) => {
    const backend = await prepared(t, family);
    const cluster = new Cluster(family);
    const endpoints = Array.from({ length: 3000 }, (_, index) => index + 1);
    const pending = backend.apply(cluster.deltaOf(web(family, ...endpoints), emptyProgrammedTable()));
    t.true(pending instanceof Promise);
    await pending;
    t.true(satisfies((await backend.read()).table, cluster.table));
  });

  test(`${family}: damage is found by reading back and repaired by the difference`, async (t) => {
    const backend = await prepared(t, family);
    const cluster = new Cluster(family);
    await backend.apply(cluster.deltaOf(web(family, 1, 2, 3), emptyProgrammedTable()));
    backend.table.commit(Uint32Array.of(rowHead(DELETE, EBPF_ROW.SLOT), 0, 1));
    backend.table.commit(Uint32Array.of(rowHead(PUT, EBPF_ROW.AFFINITY_SLOT), 8, 0, 7));
    const damaged = await backend.read();
    // The two slots that are left, the frontend that leads to them, and a slot that nobody knows.
    t.is(damaged.strays, 4);
    await backend.apply(cluster.deltaAfterReading([], damaged.table));
    const repaired = await backend.read();
    t.is(repaired.strays, 0);
    t.true(satisfies(repaired.table, cluster.table));
  });
}

test('what the addon does not take is told, and nothing of it is written', async (t) => {
  const backend = await prepared(t, 'IPv4');
  const delta = new Cluster('IPv4').deltaOf(web('IPv4', 1, 2, 3), emptyProgrammedTable());
  const slots = Array.from(
    { length: 70_000 },
    (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:1`,
  );
  const big = { key: 'big', before: undefined, after: { id: 7, slots, affinity: undefined } };
  const error = t.throws(() => backend.apply({ ...delta, slotSets: [...delta.slotSets, big] }), {
    instanceOf: ApplyError,
  });
  t.is(error?.entry, 'big');
  t.deepEqual(await backend.read(), { table: emptyProgrammedTable(), strays: 0 });
});

test('without its table nothing can be written', async (t) => {
  const backend = await prepared(t, 'IPv4');
  await backend.remove();
  const delta = new Cluster('IPv4').deltaOf(web('IPv4', 1), emptyProgrammedTable());
  const error = t.throws(() => backend.apply(delta), { instanceOf: ApplyError });
  t.is(error?.code, 'ENOENT');
});

test('a namespace that does not exist is an error that names it', (t) => {
  t.throws(() => new EbpfBackend({ family: 'IPv4', namespace: 'np-no-such' }), { message: /np-no-such/ });
});
