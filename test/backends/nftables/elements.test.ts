import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { ApplyError } from '../../../src/backends/backend.ts';
import { decodeElements, widthOf } from '../../../src/backends/nftables/decode.ts';
import { encodeDelta } from '../../../src/backends/nftables/encode.ts';
import { classOf, MAX_SLOTS, SET, setLayouts } from '../../../src/backends/nftables/layout.ts';
import { RowWriter } from '../../../src/backends/nftables/row-writer.ts';
import { applyDelta, deltaBetween } from '../../../src/delta/delta.ts';
import { emptyProgrammedTable, satisfies } from '../../../src/delta/programmed-table.ts';
import type { Family } from '../../../src/net/address.ts';
import { web } from '../../contract/backend-contract.ts';
import { Cluster } from '../../helpers/cluster.ts';
import { FakeKernel } from '../../helpers/fake-kernel.ts';
import { randomRounds } from '../../helpers/random-cluster.ts';

/** A fake kernel, brought by encoded deltas to where events lead. */
class Rig {
  readonly layouts;
  readonly kernel;
  readonly rows;
  readonly #family: Family;

  constructor(family: Family) {
    this.#family = family;
    this.layouts = setLayouts(family);
    this.kernel = new FakeKernel(this.layouts);
    this.rows = new RowWriter(this.layouts.length);
  }

  read() {
    const strayRows = new RowWriter(this.layouts.length);
    return { ...decodeElements(this.#family, this.layouts, this.kernel.elements(), strayRows), strayRows };
  }

  get elementCount(): number {
    return this.kernel.elements().reduce((sum, rows) => sum + rows.length, 0);
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
        encodeDelta(delta, rig.rows);
        rig.kernel.commit(rig.rows.take());
        applyDelta(programmed, delta);
        const { table, strays } = rig.read();
        t.true(isDeepStrictEqual(table, programmed));
        t.is(strays, 0);
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  test(`${family} property: after any damage, strays deleted and the difference written give the wanted table`, (t) => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 6 });
    const property = fc.property(randomRounds(4), damage, (rounds, damages) => {
      const rig = new Rig(family);
      const cluster = new Cluster(family);
      encodeDelta(cluster.deltaOf(rounds.flat(), emptyProgrammedTable()), rig.rows);
      rig.kernel.commit(rig.rows.take());
      for (const [set, element, isAltered] of damages) damageElement(rig, set, element, isAltered);
      const { table, strayRows } = rig.read();
      rig.kernel.commit(strayRows.take());
      encodeDelta(deltaBetween(table, cluster.table), rig.rows);
      rig.kernel.commit(rig.rows.take());
      const repaired = rig.read();
      t.is(repaired.strays, 0);
      t.true(satisfies(repaired.table, cluster.table));
    });
    fc.assert(property, { numRuns: 500 });
  });
}

/** Deletes one element, or moves it to another key of the same set. */
function damageElement(rig: Rig, set: number, element: number, isAltered: boolean): void {
  const index = set % rig.layouts.length;
  const rows = rig.kernel.elements()[index];
  const layout = rig.layouts[index];
  if (rows === undefined || layout === undefined || rows.length === 0) return;
  const [keyWidth, dataWidth] = [widthOf(layout.key), widthOf(layout.data)];
  const offset = (element % (rows.length / (1 + keyWidth + dataWidth))) * (1 + keyWidth + dataWidth);
  const key = [...rows.subarray(offset + 1, offset + 1 + keyWidth)];
  const data = [...rows.subarray(offset + 1 + keyWidth, offset + 1 + keyWidth + dataWidth)];
  rig.kernel.tamper(index, key);
  if (isAltered) rig.kernel.tamper(index, key.with(-1, ((key.at(-1) ?? 0) + 7) >>> 0), data);
}

test('a frontend in two size classes is a stray', (t) => {
  const rig = new Rig('IPv4');
  encodeDelta(new Cluster('IPv4').deltaOf(web('IPv4', 1, 2), emptyProgrammedTable()), rig.rows);
  rig.kernel.commit(rig.rows.take());
  rig.kernel.tamper(SET.firstClass + 5, [0x0a600001, 6, 80], []);
  const { table, strays } = rig.read();
  t.is(table.frontends.size, 0);
  t.is(strays, 4);
});

test('one endpoint replaced is one element deleted and one put', (t) => {
  const rig = new Rig('IPv4');
  const cluster = new Cluster('IPv4');
  const programmed = emptyProgrammedTable();
  applyDelta(programmed, cluster.deltaOf(web('IPv4', 2, 3, 4), programmed));
  encodeDelta(cluster.deltaOf(web('IPv4', 2, 9, 4), programmed), rig.rows);
  const slot = [0x0a600001, 6, 80, 1];
  t.deepEqual(
    [...rig.rows.take()],
    [(2 << 16) | SET.slots, ...slot, (1 << 16) | SET.slots, ...slot, 0x0af40009, 8080],
  );
});

test('more endpoints than the largest class holds: an error that names the frontend', (t) => {
  const rig = new Rig('IPv4');
  const endpoints = Array.from({ length: MAX_SLOTS + 1 }, (_, index) => index + 1);
  const delta = new Cluster('IPv4').deltaOf(web('IPv4', ...endpoints), emptyProgrammedTable());
  const error = t.throws(() => encodeDelta(delta, rig.rows), { instanceOf: ApplyError });
  t.is(error?.frontend, '10.96.0.1:80/TCP');
  t.is(error?.message, 'cannot program 10.96.0.1:80/TCP: 16385 endpoints, at most 16384 fit');
});
