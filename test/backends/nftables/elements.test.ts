import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { ApplyError } from '../../../src/backends/backend.ts';
import { decodeElements, widthOf } from '../../../src/backends/nftables/decode.ts';
import { encodeDelta } from '../../../src/backends/nftables/encode.ts';
import { classOf, MAX_SLOTS, SET, setLayouts } from '../../../src/backends/nftables/layout.ts';
import { RowWriter } from '../../../src/backends/nftables/row-writer.ts';
import { Timeouts } from '../../../src/backends/nftables/timeouts.ts';
import { plainSetWord } from '../../../src/backends/nftables/words.ts';
import { adopt } from '../../../src/delta/adopt.ts';
import { applyDelta, type Delta } from '../../../src/delta/delta.ts';
import {
  emptyProgrammedTable,
  type ProgrammedTable,
  satisfies,
} from '../../../src/delta/programmed-table.ts';
import { DELETE, PUT, rowHead } from '../../../src/native/addon.ts';
import type { Family } from '../../../src/net/address.ts';
import { web } from '../../contract/backend-contract.ts';
import { Cluster } from '../../helpers/cluster.ts';
import { FakeKernel, keyWidth } from '../../helpers/fake-kernel.ts';
import { randomRounds } from '../../helpers/random-cluster.ts';
import { reachable, unreachableKeys } from '../../helpers/reachable.ts';

/** A fake kernel, brought by encoded deltas to where events lead. */
class Rig {
  readonly layouts;
  readonly kernel;
  readonly #family: Family;
  readonly #rows;
  readonly #retired;
  readonly #timeouts = new Timeouts();

  constructor(family: Family) {
    this.#family = family;
    this.layouts = setLayouts(family);
    this.kernel = new FakeKernel(this.layouts);
    this.#rows = new RowWriter(this.layouts.length);
    this.#retired = new RowWriter(this.layouts.length);
  }

  encode(delta: Delta): Uint32Array {
    for (const timeout of this.#timeouts.missing(delta)) this.#timeouts.add(timeout);
    const deltaRows = { rows: this.#rows, retired: this.#retired };
    encodeDelta(delta, deltaRows, (seconds) => this.#timeouts.indexOf(seconds));
    return this.#rows.take();
  }

  write(delta: Delta): void {
    this.kernel.commit(this.encode(delta));
    this.kernel.commit(this.#retired.take());
  }

  read() {
    const strayRows = new RowWriter(this.layouts.length);
    const found = decodeElements(this.#family, this.layouts, this.kernel.elements(), strayRows, (timeout) =>
      this.#timeouts.secondsOf(timeout),
    );
    return { ...found, strayRows };
  }
}

test('a class holds its own size and more than half of it', (t) => {
  const classes = [1, 2, 3, 4, 5, 8, 9, 16, 17, MAX_SLOTS].map(classOf);
  t.deepEqual(classes, [0, 1, 2, 2, 3, 3, 4, 4, 5, 14]);
});

for (const family of ['IPv4', 'IPv6'] as const) {
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
        t.is(strays, unboundElements(programmed));
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  test(`${family} property: after any damage, strays deleted and the difference written give the wanted table`, (t) => {
    const property = fc.property(
      randomRounds(4),
      fc.array(damage, { minLength: 1, maxLength: 6 }),
      (rounds, damages) => {
        const rig = new Rig(family);
        const cluster = new Cluster(family);
        rig.write(cluster.deltaOf(rounds.flat(), emptyProgrammedTable()));
        for (const each of damages) damageElement(rig, each);
        const { table, strayRows } = rig.read();
        rig.kernel.commit(strayRows.take());
        const delta = cluster.deltaAfterReading([], table);
        rig.write(delta);
        applyDelta(table, delta);
        const repaired = rig.read();
        t.is(repaired.strays, unboundElements(table));
        t.true(satisfies(repaired.table, cluster.table));
      },
    );
    fc.assert(property, { numRuns: 500 });
  });
}

/**
 * Elements of slot sets with affinity that no frontend leads to. They are strays when they are read back, for nothing tells
 * their timeout.
 */
function unboundElements(table: ProgrammedTable): number {
  const sets = unreachableKeys(table).map((key) => table.slotSets.get(key));
  return sets.reduce((sum, set) => sum + 2 * (set?.affinity?.numbers.length ?? 0), 0);
}

/** What may happen to one element: it goes, it gets another key, or other data. Numbers select set and element. */
const damage = fc.record({
  set: fc.nat(),
  element: fc.nat(),
  kind: fc.constantFrom('delete', 'move', 'alter'),
  word: fc.nat({ max: 40 }),
});

function damageElement(
  rig: Rig,
  { set, element, kind, word }: typeof damage extends fc.Arbitrary<infer D> ? D : never,
) {
  const index = set % rig.layouts.length;
  const rows = rig.kernel.elements()[index];
  const layout = rig.layouts[index];
  if (rows === undefined || layout === undefined || rows.length === 0) return;
  const [width, dataWidth] = [keyWidth(layout), widthOf(layout.data)];
  const offset = (element % (rows.length / (1 + width + dataWidth))) * (1 + width + dataWidth) + 1;
  const key = [...rows.subarray(offset, offset + width)];
  const data = [...rows.subarray(offset + width, offset + width + dataWidth)];
  const altered = (words: number[]): number[] => words.with(-1, ((words.at(-1) ?? 0) + word) >>> 0);
  if (kind !== 'alter') rig.kernel.tamper(index, key);
  if (kind === 'move') rig.kernel.tamper(index, altered(key), data);
  if (kind === 'alter' && dataWidth > 0) rig.kernel.tamper(index, key, altered(data));
}

test('a frontend that is refused in two ways is a stray', (t) => {
  const rig = new Rig('IPv4');
  rig.write(new Cluster('IPv4').deltaOf(web('IPv4'), emptyProgrammedTable()));
  rig.kernel.tamper(SET.dropped, [0x0a600001, 6, 80], []);
  const { table, strays } = rig.read();
  t.is(table.frontends.size, 0);
  t.is(strays, 2);
});

test('a frontend of another size class than its slot set is whole, and brought to its class', (t) => {
  const rig = new Rig('IPv4');
  const cluster = new Cluster('IPv4');
  const programmed = emptyProgrammedTable();
  const first = cluster.deltaOf(web('IPv4', 2), programmed);
  rig.write(first);
  applyDelta(programmed, first);
  rig.write({ ...cluster.deltaOf(web('IPv4', 2, 3, 4), programmed), frontends: [] });
  const { table, strays } = rig.read();
  t.is(strays, 0);
  t.like(table.frontends.get('10.96.0.1:80/TCP')?.inside, { action: 'forward', count: 1 });
  t.false(satisfies(table, cluster.table));
  const { frontends, slotSets } = cluster.deltaAfterReading([], table);
  t.is(slotSets.length, 0);
  t.like(frontends[0]?.after?.inside, { action: 'forward', count: 3 });
});

test('one endpoint replaced is one element deleted and one put', (t) => {
  const rig = new Rig('IPv4');
  const cluster = new Cluster('IPv4');
  const programmed = emptyProgrammedTable();
  applyDelta(programmed, cluster.deltaOf(web('IPv4', 2, 3, 4), programmed));
  const rows = rig.encode(cluster.deltaOf(web('IPv4', 2, 9, 4), programmed));
  const slot = [plainSetWord(0), 1];
  t.deepEqual(
    [...rows],
    [rowHead(DELETE, SET.slots), ...slot, rowHead(PUT, SET.slots), ...slot, 0x0af40009, 8080],
  );
});

test('more endpoints than the largest class holds: an error that names the slot set', (t) => {
  const rig = new Rig('IPv4');
  const endpoints = Array.from({ length: MAX_SLOTS + 1 }, (_, index) => index + 1);
  const delta = new Cluster('IPv4').deltaOf(web('IPv4', ...endpoints), emptyProgrammedTable());
  const error = t.throws(() => rig.encode(delta), { instanceOf: ApplyError });
  t.is(error?.entry, 'shop/web:http/TCP IPv4');
  t.is(error?.message, 'cannot program shop/web:http/TCP IPv4: 16385 endpoints, at most 16384 fit');
});
