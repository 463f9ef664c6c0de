import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { ApplyError } from '../../../src/backends/backend.ts';
import { decodeRows } from '../../../src/backends/ebpf/decode.ts';
import { encodeDelta } from '../../../src/backends/ebpf/encode.ts';
import { entryOfRow } from '../../../src/backends/ebpf/refused-entry.ts';
import { rowsIn } from '../../../src/backends/ebpf/rows.ts';
import { Strays } from '../../../src/backends/ebpf/strays.ts';
import { WordBuffer } from '../../../src/backends/word-buffer.ts';
import { adopt } from '../../../src/delta/adopt.ts';
import { applyDelta, type Delta } from '../../../src/delta/delta.ts';
import {
  emptyProgrammedTable,
  type ProgrammedTable,
  satisfies,
} from '../../../src/delta/programmed-table.ts';
import { FAMILIES, type Family } from '../../../src/net/address.ts';
import { web } from '../../contract/backend-contract.ts';
import { Cluster } from '../../helpers/cluster.ts';
import { FakeMaps } from '../../helpers/fake-maps.ts';
import { put, service, slice } from '../../helpers/objects.ts';
import { randomRounds } from '../../helpers/random-cluster.ts';
import { reachable, unreachableKeys } from '../../helpers/reachable.ts';

/** Maps without a kernel, brought by encoded deltas to where events lead. */
class Rig {
  readonly maps: FakeMaps;
  readonly #family: Family;
  readonly #buffer = new WordBuffer();

  constructor(family: Family) {
    this.#family = family;
    this.maps = new FakeMaps(family);
  }

  encode(delta: Delta): Uint32Array {
    encodeDelta(delta, this.#family, this.#buffer);
    return this.#buffer.take();
  }

  write(delta: Delta, strays = new Strays()): void {
    const rows = this.encode(delta);
    for (const word of rows) this.#buffer.push(word);
    strays.writeTo(this.#buffer, rows, this.#family);
    this.maps.commit(this.#buffer.take());
  }

  read(): { table: ProgrammedTable; strays: Strays } {
    const strays = new Strays();
    return { table: decodeRows(this.maps.read(), this.#family, strays), strays };
  }
}

for (const family of FAMILIES) {
  test(`${family} property: rows put and delete exactly what differs, and decode to the programmed table`, (t) => {
    const property = fc.property(randomRounds(8), (rounds) => {
      const rig = new Rig(family);
      const cluster = new Cluster(family);
      const programmed = emptyProgrammedTable();
      for (const round of rounds) {
        const delta = cluster.deltaOf(round, programmed);
        rig.write(delta);
        applyDelta(programmed, delta);
        const { table, strays } = rig.read();
        adopt(table, cluster.table);
        t.true(isDeepStrictEqual(reachable(table), reachable(programmed)));
        t.is(strays.count, unboundEntries(programmed));
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  test(`${family} property: after any damage, one batch with the difference gives the wanted table`, (t) => {
    const property = fc.property(
      randomRounds(4),
      fc.array(damage, { minLength: 1, maxLength: 6 }),
      (rounds, damages) => {
        const rig = new Rig(family);
        const cluster = new Cluster(family);
        rig.write(cluster.deltaOf(rounds.flat(), emptyProgrammedTable()));
        for (const each of damages) damageEntry(rig.maps, each);
        const { table, strays } = rig.read();
        const delta = cluster.deltaAfterReading([], table);
        rig.write(delta, strays);
        applyDelta(table, delta);
        const repaired = rig.read();
        t.is(repaired.strays.count, unboundEntries(table));
        t.true(satisfies(repaired.table, cluster.table));
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  test(`${family}: each row of a delta belongs to its entry`, (t) => {
    const rig = new Rig(family);
    const restricted = service('lb', family === 'IPv4' ? '10.96.0.2' : 'fd00:96::2', {
      type: 'LoadBalancer',
      loadBalancerIPs: [family === 'IPv4' ? '203.0.113.1' : '2001:db8:1::1'],
      loadBalancerSourceRanges: [family === 'IPv4' ? '198.51.100.0/24' : '2001:db8:2::/48'],
      sessionAffinity: 'ClientIP',
      affinityTimeoutSeconds: 60,
      ports: [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30_080 }],
    });
    const endpoint = family === 'IPv4' ? '10.244.9.1' : 'fd00:244::91';
    const events = [
      ...web(family, 1, 2),
      ...put(restricted, slice('lb-1', 'lb', [endpoint], { addressType: family })),
    ];
    const delta = new Cluster(family).deltaOf(events, emptyProgrammedTable());
    const rows = rig.encode(delta);
    const named = new Set(
      [...rowsIn(rows, family)].map((_, index) => entryOfRow(delta, family, rows, index)),
    );
    const entries = [...delta.frontends, ...delta.slotSets, ...delta.sourceLists].map(({ key }) => key);
    t.deepEqual([...named].filter((key) => key !== undefined).toSorted(), entries.toSorted());
    t.is(entryOfRow(delta, family, rows, -1), undefined);
    t.is(entryOfRow(delta, family, rows, 10_000), undefined);
  });
}

/**
 * Entries of slot sets with affinity that no frontend leads to. They are strays when they are read back, for nothing tells
 * their timeout.
 */
function unboundEntries(table: ProgrammedTable): number {
  const sets = unreachableKeys(table).map((key) => table.slotSets.get(key));
  return sets.reduce((sum, set) => sum + 2 * (set?.affinity?.numbers.length ?? 0), 0);
}

/** What may happen to one entry: it goes, it gets another key, or other data. */
interface Damage {
  readonly entry: number;
  readonly kind: 'delete' | 'move' | 'alter';
  readonly word: number;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  entry: fc.nat(),
  kind: fc.constantFrom('delete', 'move', 'alter'),
  word: fc.nat({ max: 40 }),
});

function damageEntry(maps: FakeMaps, { entry, kind, word }: Damage): void {
  const row = maps.entries[entry % Math.max(1, maps.entries.length)];
  if (row === undefined) return;
  const altered = (words: Uint32Array): Uint32Array =>
    words.length === 0
      ? words
      : words.with(word % words.length, ((words.at(word % words.length) ?? 0) + word) >>> 0);
  if (kind !== 'alter') maps.tamper(row);
  if (kind === 'move') maps.tamper({ kind: row.kind, key: altered(row.key) }, row.data);
  if (kind === 'alter') maps.tamper(row, altered(row.data));
}

test('a set with more slots than fit is refused by its key', (t) => {
  const delta = new Cluster('IPv4').deltaOf(web('IPv4', 1), emptyProgrammedTable());
  const slots = Array.from({ length: 65_537 }, (_, index) => `10.1.${index >> 8}.${index & 255}:1`);
  const tooMany = {
    ...delta,
    slotSets: [{ key: 'big', before: undefined, after: { id: 1, slots, affinity: undefined } }],
  };
  const error = t.throws(() => new Rig('IPv4').encode(tooMany), { instanceOf: ApplyError });
  t.is(error?.entry, 'big');
  t.is(error?.code, 'EINVAL');
});
