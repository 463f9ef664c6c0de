import test, { type ExecutionContext } from 'ava';
import type { ObjectEvent } from '../../../src/api/objects.ts';
import { ApplyError } from '../../../src/backends/backend.ts';
import { NftablesBackend } from '../../../src/backends/nftables/nftables-backend.ts';
import { plainSetWord } from '../../../src/backends/nftables/words.ts';
import { emptyProgrammedTable } from '../../../src/delta/programmed-table.ts';
import { Cluster } from '../../helpers/cluster.ts';
import { privateNamespace } from '../../helpers/netns.ts';
import { expectedElements, judgedElements, nft } from '../../helpers/nft-judge.ts';
import { put, service, slice } from '../../helpers/objects.ts';
import { settings } from '../../helpers/settings.ts';

/** Enough for three transactions that go ahead of the frontends. */
const SERVICES = 2500;

/** Services with two endpoints each; some have affinity, some a node port and policy Local. */
function manyServices(): ObjectEvent[] {
  return Array.from({ length: SERVICES }, (_, index) => index).flatMap((index) => {
    const place = `${index >> 8}.${index & 255}`;
    const ports = [
      { name: 'http', protocol: 'TCP', port: 80, nodePort: index % 7 === 0 ? 30_000 + index : 0 } as const,
    ];
    return put(
      service(`s${index}`, `10.96.${place}`, {
        ports,
        sessionAffinity: index % 5 === 0 ? 'ClientIP' : 'None',
        externalTrafficPolicy: index % 7 === 0 ? 'Local' : 'Cluster',
        type: index % 7 === 0 ? 'NodePort' : 'ClusterIP',
      }),
      slice(`s${index}-1`, `s${index}`, [
        { addresses: [`10.244.${place}`], nodeName: 'here' },
        { addresses: [`10.245.${place}`], nodeName: 'there' },
      ]),
    );
  });
}

async function prepared(t: ExecutionContext) {
  const namespace = await privateNamespace(t);
  const backend = new NftablesBackend({ family: 'IPv4', namespace });
  t.teardown(() => backend.close());
  await backend.prepare(settings());
  return { backend, namespace, cluster: new Cluster('IPv4') };
}

test('a delta with many new slot sets is written whole', async (t) => {
  const { backend, namespace, cluster } = await prepared(t);
  await backend.apply(cluster.deltaOf(manyServices(), emptyProgrammedTable()));
  t.deepEqual(await judgedElements(namespace, 'IPv4'), expectedElements(cluster.table));
});

test('one that is refused in the middle leaves no frontend behind, and the next read-back cleans up', async (t) => {
  const { backend, namespace, cluster } = await prepared(t);
  const taken = 1900;
  await nft(namespace, `add element ip nodeplane slots { ${plainSetWord(taken)} . 1 : 10.9.9.9 . 9 }`);
  const delta = cluster.deltaOf(manyServices(), emptyProgrammedTable());
  const set = delta.slotSets.find(({ after }) => after?.affinity === undefined && after?.id === taken);
  const error = await t.throwsAsync(async () => backend.apply(delta), { instanceOf: ApplyError });
  t.is(error.entry, set?.key);
  t.is(error.code, 'EEXIST');
  const { table, strays } = await backend.read();
  t.is(table.frontends.size, 0);
  t.true(strays > SERVICES / 2);
  await backend.apply(cluster.deltaAfterReading([], table));
  t.deepEqual(await judgedElements(namespace, 'IPv4'), expectedElements(cluster.table));
});
