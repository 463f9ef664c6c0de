import type { ExecutionContext, TestFn } from 'ava';
import fc from 'fast-check';
import type { ObjectEvent } from '../../src/api/objects.ts';
import type { Backend } from '../../src/backends/backend.ts';
import { adopt } from '../../src/delta/adopt.ts';
import { applyDelta } from '../../src/delta/delta.ts';
import { emptyProgrammedTable, type ProgrammedTable, satisfies } from '../../src/delta/programmed-table.ts';
import type { Family } from '../../src/net/address.ts';
import { Cluster } from '../helpers/cluster.ts';
import { put, remove, service, slice } from '../helpers/objects.ts';
import { randomRounds } from '../helpers/random-cluster.ts';
import { reachable } from '../helpers/reachable.ts';
import { settings } from '../helpers/settings.ts';

/** Makes a backend on an empty kernel (or none) of its own; called once for each test. */
export type MakeBackend = (t: ExecutionContext, family: Family) => Promise<Backend>;

/** What every backend promises, run against each of them. `runs` bounds the random part. */
export function backendContract(test: TestFn, name: string, make: MakeBackend, runs: number): void {
  for (const family of ['IPv4', 'IPv6'] as const) {
    test(`${name} ${family}: what was applied is read back, round after round`, async (t) => {
      const backend = await make(t, family);
      const property = fc.asyncProperty(randomRounds(5), async (rounds) => {
        const cluster = new Cluster(family);
        let programmed = await afresh(backend);
        for (const round of rounds) {
          await backend.apply(cluster.deltaAfterReading(round, programmed));
          programmed = (await backend.read()).table;
          t.true(satisfies(programmed, cluster.table));
        }
      });
      await fc.assert(property, { numRuns: runs });
    });

    test(`${name} ${family}: endpoints keep their slots in what is read back`, async (t) => {
      const backend = await make(t, family);
      const cluster = new Cluster(family);
      const programmed = emptyProgrammedTable();
      for (const round of [web(family, 1, 2, 3, 4), web(family, 1, 3, 4), web(family, 1, 3, 4, 5, 6)]) {
        const delta = cluster.deltaOf(round, programmed);
        await backend.apply(delta);
        applyDelta(programmed, delta);
        const { table } = await backend.read();
        adopt(table, cluster.table);
        t.deepEqual(reachable(table), reachable(programmed));
      }
    });

    test(`${name} ${family}: an empty delta changes nothing`, async (t) => {
      const backend = await make(t, family);
      const cluster = new Cluster(family);
      await backend.apply(cluster.deltaOf(web(family, 1, 2), emptyProgrammedTable()));
      const before = await backend.read();
      await backend.apply(cluster.deltaAfterReading([], (await backend.read()).table));
      t.deepEqual(await backend.read(), before);
    });

    test(`${name} ${family}: preparing again keeps what is programmed`, async (t) => {
      const backend = await make(t, family);
      await backend.apply(new Cluster(family).deltaOf(web(family, 1, 2, 3), emptyProgrammedTable()));
      const before = await backend.read();
      t.false(await backend.prepare(settings()));
      t.deepEqual(await backend.read(), before);
    });

    test(`${name} ${family}: every size of a frontend survives the round trip`, async (t) => {
      const backend = await make(t, family);
      const cluster = new Cluster(family);
      for (const size of [1, 2, 3, 4, 5, 8, 9, 64, 65, 1000, 1, 0, 7]) {
        const endpoints = Array.from({ length: size }, (_, index) => index + 1);
        await backend.apply(
          cluster.deltaAfterReading(web(family, ...endpoints), (await backend.read()).table),
        );
        const { table, strays } = await backend.read();
        t.true(satisfies(table, cluster.table), `${size} endpoints`);
        t.is(strays, 0);
      }
    });

    test(`${name} ${family}: removing leaves nothing, and removing nothing is a success`, async (t) => {
      const backend = await make(t, family);
      await backend.apply(new Cluster(family).deltaOf(web(family, 1, 2, 3), emptyProgrammedTable()));
      await backend.remove();
      await backend.remove();
      await backend.prepare(settings());
      t.deepEqual(await backend.read(), { table: emptyProgrammedTable(), strays: 0 });
    });

    test(`${name} ${family}: deleting all objects empties the kernel`, async (t) => {
      const backend = await make(t, family);
      const cluster = new Cluster(family);
      const events = web(family, 1, 2, 3);
      await backend.apply(cluster.deltaOf(events, emptyProgrammedTable()));
      const deletions = events.flatMap((event) =>
        event.type === 'put' && 'namespace' in event.object ? [remove(event.object)] : [],
      );
      await backend.apply(cluster.deltaAfterReading(deletions, (await backend.read()).table));
      t.deepEqual(await backend.read(), { table: emptyProgrammedTable(), strays: 0 });
    });
  }
}

async function afresh(backend: Backend): Promise<ProgrammedTable> {
  await backend.remove();
  await backend.prepare(settings());
  return emptyProgrammedTable();
}

/** A Service `web` with endpoints by number, in one family. */
export function web(family: Family, ...endpoints: number[]): ObjectEvent[] {
  const isV6 = family === 'IPv6';
  const address = (n: number): string =>
    isV6 ? `fd00:244::${n.toString(16)}` : `10.244.${n >> 8}.${n & 255}`;
  const hosts = endpoints.map((n) => ({ addresses: [address(n)], nodeName: n === 1 ? 'here' : 'there' }));
  return put(
    service('web', isV6 ? 'fd00:96::1' : '10.96.0.1'),
    slice('web-1', 'web', hosts, { addressType: family }),
  );
}
