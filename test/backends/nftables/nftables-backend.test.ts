import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { ApplyError } from '../../../src/backends/backend.ts';
import { readTimeouts } from '../../../src/backends/nftables/affinity-chains.ts';
import { NftablesBackend } from '../../../src/backends/nftables/nftables-backend.ts';
import { MAX_TIMEOUTS, plainSetWord } from '../../../src/backends/nftables/words.ts';
import { applyDelta } from '../../../src/delta/delta.ts';
import { emptyProgrammedTable, satisfies } from '../../../src/delta/programmed-table.ts';
import type { Family } from '../../../src/net/address.ts';
import { backendContract, type MakeBackend, web } from '../../contract/backend-contract.ts';
import { Cluster } from '../../helpers/cluster.ts';
import { privateNamespace } from '../../helpers/netns.ts';
import { expectedElements, judgedElements, nft } from '../../helpers/nft-judge.ts';
import { put, service, slice } from '../../helpers/objects.ts';
import { randomRounds } from '../../helpers/random-cluster.ts';
import { settings } from '../../helpers/settings.ts';

async function prepared(
  t: ExecutionContext,
  family: Family,
): Promise<{ backend: NftablesBackend; namespace: string }> {
  const namespace = await privateNamespace(t);
  const backend = new NftablesBackend({ family, namespace });
  t.teardown(() => backend.close());
  await backend.prepare(settings());
  return { backend, namespace };
}

const make: MakeBackend = async (t, family) => (await prepared(t, family)).backend;

backendContract(test, 'nftables', make, 30);

for (const family of ['IPv4', 'IPv6'] as const) {
  test(`${family}: after each of 200 random sequences of events the elements that nft lists are the wanted ones`, async (t) => {
    const { backend, namespace } = await prepared(t, family);
    const property = fc.asyncProperty(randomRounds(6), async (rounds) => {
      const cluster = new Cluster(family);
      const programmed = (await backend.read()).table;
      for (const round of rounds) {
        const delta = cluster.deltaOf(round, programmed);
        await backend.apply(delta);
        applyDelta(programmed, delta);
      }
      t.deepEqual(await judgedElements(namespace, family), expectedElements(cluster.table));
    });
    await fc.assert(property, { numRuns: 200 });
  });

  test(`${family}: a large delta goes in the background and is as good`, async (t) => {
    const { backend, namespace } = await prepared(t, family);
    const cluster = new Cluster(family);
    const endpoints = Array.from({ length: 3000 }, (_, index) => index + 1);
    const pending = backend.apply(cluster.deltaOf(web(family, ...endpoints), emptyProgrammedTable()));
    t.true(pending instanceof Promise);
    await pending;
    t.deepEqual(await judgedElements(namespace, family), expectedElements(cluster.table));
  });

  test(`${family}: damage is found by reading back and repaired by the difference`, async (t) => {
    const { backend, namespace } = await prepared(t, family);
    const cluster = new Cluster(family);
    await backend.apply(cluster.deltaOf(web(family, 1, 2, 3), emptyProgrammedTable()));
    const [table, vip] = family === 'IPv4' ? ['ip', '10.96.0.1'] : ['ip6', 'fd00:96::1'];
    await nft(namespace, `delete element ${table} nodeplane slots { ${plainSetWord(0)} . 1 }`);
    await nft(namespace, `add element ${table} nodeplane rejected { ${vip} . udp . 80 }`);
    await nft(namespace, `add element ${table} nodeplane dropped { ${vip} . udp . 80 }`);
    const damaged = await backend.read();
    // The two slots that are left, the frontend that leads to them, and one that is refused in two ways.
    t.is(damaged.strays, 5);
    await backend.apply(cluster.deltaAfterReading([], damaged.table));
    const repaired = await backend.read();
    t.is(repaired.strays, 0);
    t.true(satisfies(repaired.table, cluster.table));
  });
}

test('what nft lists can be loaded again and lists the same', async (t) => {
  const { backend, namespace } = await prepared(t, 'IPv4');
  const six = new NftablesBackend({ family: 'IPv6', namespace });
  t.teardown(() => six.close());
  await six.prepare(settings());
  await backend.apply(new Cluster('IPv4').deltaOf(web('IPv4', 1, 2, 3), emptyProgrammedTable()));
  await six.apply(new Cluster('IPv6').deltaOf(web('IPv6', 1, 2, 3), emptyProgrammedTable()));
  const listing = await nft(namespace, 'list', 'ruleset');
  await nft(namespace, 'flush', 'ruleset');
  await nft(namespace, listing);
  t.is(await nft(namespace, 'list', 'ruleset'), listing);
});

test('SYNC-09 a table that somebody deleted is made anew, and told so', async (t) => {
  const { backend, namespace } = await prepared(t, 'IPv4');
  await backend.apply(new Cluster('IPv4').deltaOf(web('IPv4', 1, 2), emptyProgrammedTable()));
  t.false(await backend.prepare(settings({ masqueradeAll: true })));
  await nft(namespace, 'delete', 'table', 'ip', 'nodeplane');
  t.true(await backend.prepare(settings()));
  t.deepEqual(await judgedElements(namespace, 'IPv4'), {});
});

test('every set and chain is commented', async (t) => {
  const { namespace } = await prepared(t, 'IPv4');
  const listing = await nft(namespace, 'list', 'table', 'ip', 'nodeplane');
  const objects = listing.match(/^\t(set|map|chain) .*\{$/gm) ?? [];
  const comments = listing.match(/^\t\tcomment "/gm) ?? [];
  t.true(objects.length > 40);
  t.is(comments.length, objects.length);
});

test('removing leaves what is not ours', async (t) => {
  const { backend, namespace } = await prepared(t, 'IPv4');
  await nft(namespace, 'add table ip foreign { chain c { type filter hook input priority 0; }; }');
  const before = await nft(namespace, 'list', 'table', 'ip', 'foreign');
  await backend.remove();
  t.is(await nft(namespace, 'list', 'ruleset'), before);
});

test('a refused element is named by its frontend and nothing of the delta is written', async (t) => {
  const { backend, namespace } = await prepared(t, 'IPv4');
  await nft(namespace, `add element ip nodeplane slots { ${plainSetWord(0)} . 1 : 10.9.9.9 . 9 }`);
  const delta = new Cluster('IPv4').deltaOf(web('IPv4', 1, 2, 3), emptyProgrammedTable());
  const error = t.throws(() => backend.apply(delta), { instanceOf: ApplyError });
  t.is(error?.entry, 'shop/web:http/TCP IPv4');
  t.is(error?.code, 'EEXIST');
  t.deepEqual(await judgedElements(namespace, 'IPv4'), {
    slotSets: ['10.9.9.9:9'],
    strays: ['slots of 0 have gaps'],
  });
});

test('a namespace that does not exist is an error that names it', (t) => {
  t.throws(() => new NftablesBackend({ family: 'IPv4', namespace: 'np-no-such' }), {
    message: /np-no-such/,
  });
});

test('a table of another layout is replaced in one transaction', async (t) => {
  const namespace = await privateNamespace(t);
  await nft(
    namespace,
    'add table ip nodeplane { map slots { type ipv4_addr : ipv4_addr; }; chain old { }; }',
  );
  const backend = new NftablesBackend({ family: 'IPv4', namespace });
  t.teardown(() => backend.close());
  await backend.prepare(settings());
  t.notRegex(await nft(namespace, 'list', 'ruleset'), /chain old/);
  await backend.apply(new Cluster('IPv4').deltaOf(web('IPv4', 1, 2), emptyProgrammedTable()));
  t.is((await backend.read()).table.frontends.size, 1);
});

test('affinity timeouts that nobody uses any more give their chains back', async (t) => {
  const { backend, namespace } = await prepared(t, 'IPv4');
  const cluster = new Cluster('IPv4');
  const programmed = emptyProgrammedTable();
  const rounds = MAX_TIMEOUTS / 2 + 2;
  for (let seconds = 1; seconds <= rounds; seconds++) {
    const sticky = service('web', '10.96.0.1', {
      sessionAffinity: 'ClientIP',
      affinityTimeoutSeconds: seconds,
    });
    const delta = cluster.deltaOf(put(sticky, slice('web-1', 'web', ['10.244.0.1'])), programmed);
    await backend.apply(delta);
    applyDelta(programmed, delta);
  }
  const listing = await nft(namespace, 'list', 'map', 'ip', 'nodeplane', 'affinity-timeouts');
  t.is(readTimeouts(listing).length, 2);
  t.true(satisfies((await backend.read()).table, cluster.table));
});
