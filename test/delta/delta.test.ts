import test from 'ava';
import fc from 'fast-check';
import { allKeys, applyDelta, type Delta, deltaBetween, isEmpty } from '../../src/delta/delta.ts';
import { emptyProgrammedTable, type ProgrammedTable, satisfies } from '../../src/delta/programmed-table.ts';
import type { WantedTable } from '../../src/forwarding/forwarding-table.ts';
import type { Family } from '../../src/net/address.ts';
import { Cluster } from '../helpers/cluster.ts';
import { put, service, slice } from '../helpers/objects.ts';
import { randomEvent, randomRounds } from '../helpers/random-cluster.ts';
import { WatchedTable } from '../helpers/watched-table.ts';

const family = fc.constantFrom<Family>('IPv4', 'IPv6');

function fullDelta(programmed: ProgrammedTable, wanted: WantedTable): Delta {
  return deltaBetween(programmed, wanted, allKeys(programmed, wanted));
}

const events = fc.array(randomEvent, { maxLength: 40 });

test('property: the delta of two random tables turns one into the other', (t) => {
  const property = fc.property(family, events, events, (of, eventsOfA, eventsOfB) => {
    const [a, b] = [new Cluster(of), new Cluster(of)];
    a.apply(eventsOfA);
    b.apply(eventsOfB);
    const programmed = emptyProgrammedTable();
    applyDelta(programmed, fullDelta(programmed, a.table));
    t.true(satisfies(programmed, a.table));
    const delta = fullDelta(programmed, b.table);
    for (const { key, before } of delta.frontends) t.is(before, programmed.frontends.get(key));
    applyDelta(programmed, delta);
    t.true(satisfies(programmed, b.table));
    t.true(isEmpty(fullDelta(programmed, b.table)));
  });
  fc.assert(property, { numRuns: 1000 });
});

test('property: looking at touched keys only misses nothing, and numbers are given back', (t) => {
  const property = fc.property(family, randomRounds(12), (of, rounds) => {
    const cluster = new Cluster(of);
    const watched = new WatchedTable();
    for (const round of rounds) {
      const touched = cluster.apply(round);
      applyDelta(watched.table, deltaBetween(watched.table, cluster.table, touched));
      t.true(satisfies(watched.table, cluster.table));
      t.deepEqual(watched.faults(), []);
    }
  });
  fc.assert(property, { numRuns: 1000 });
});

test('AFF-02 when one list of a Service with affinity takes the place of the other, the group of the first is given back', (t) => {
  const cluster = new Cluster('IPv4');
  const watched = new WatchedTable();
  for (const internalTrafficPolicy of ['Cluster', 'Local', 'Cluster'] as const) {
    const touched = cluster.apply(
      put(
        service('web', '10.96.0.1', { sessionAffinity: 'ClientIP', internalTrafficPolicy }),
        slice('web-1', 'web', [{ addresses: ['10.244.0.1'], nodeName: 'here' }]),
      ),
    );
    applyDelta(watched.table, deltaBetween(watched.table, cluster.table, touched));
    t.deepEqual(watched.faults(), []);
  }
});

test('property: a table that satisfies is told from one that does not', (t) => {
  const property = fc.property(family, events, events, (of, eventsOfA, eventsOfB) => {
    const [a, b] = [new Cluster(of), new Cluster(of)];
    a.apply(eventsOfA);
    b.apply(eventsOfB);
    const programmed = emptyProgrammedTable();
    applyDelta(programmed, fullDelta(programmed, a.table));
    t.is(satisfies(programmed, b.table), isEmpty(fullDelta(programmed, b.table)));
  });
  fc.assert(property, { numRuns: 500 });
});
