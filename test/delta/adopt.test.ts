import test from 'ava';
import fc from 'fast-check';
import type { EndpointSlice, Service } from '../../src/api/objects.ts';
import { adopt } from '../../src/delta/adopt.ts';
import { allKeys, applyDelta, type Delta, deltaBetween, isEmpty } from '../../src/delta/delta.ts';
import { satisfies } from '../../src/delta/programmed-table.ts';
import type { WantedTable } from '../../src/forwarding/forwarding-table.ts';
import type { Family } from '../../src/net/address.ts';
import { Cluster } from '../helpers/cluster.ts';
import { put, service, slice } from '../helpers/objects.ts';
import { randomEvent, randomRounds } from '../helpers/random-cluster.ts';
import { unreachableKeys } from '../helpers/reachable.ts';
import { WatchedTable } from '../helpers/watched-table.ts';

const family = fc.constantFrom<Family>('IPv4', 'IPv6');
const events = fc.array(randomEvent, { maxLength: 40 });

function write(watched: WatchedTable, wanted: WantedTable): Delta {
  const delta = deltaBetween(watched.table, wanted, allKeys(watched.table, wanted));
  applyDelta(watched.table, delta);
  return delta;
}

/** A table read back from a kernel that was as one cluster wants it, adopted for another. */
function adopted(before: Cluster, wanted: Cluster): WatchedTable {
  const kernel = new WatchedTable();
  write(kernel, before.table);
  const found = kernel.forgetKeys();
  adopt(found.table, wanted.table);
  return found;
}

function clusterOf(...objects: (Service | EndpointSlice)[]): Cluster {
  const cluster = new Cluster('IPv4');
  cluster.apply(put(...objects));
  return cluster;
}

const VIP = '198.51.100.1';
const LOCAL_ENDPOINT = { addresses: ['10.244.0.1'], nodeName: 'here' };

function idsOf({ table }: WatchedTable): Record<string, number> {
  return Object.fromEntries([...table.slotSets].map(([key, { id }]) => [key, id]));
}

test('START-03 slot sets and source lists get the keys of what their frontends are wanted to lead to', (t) => {
  const cluster = clusterOf(
    service('web', '10.96.0.1', {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      loadBalancerIPs: [VIP],
      loadBalancerSourceRanges: ['10.0.0.0/8'],
    }),
    service('api', '10.96.0.2', { sessionAffinity: 'ClientIP', internalTrafficPolicy: 'Local' }),
    slice('web-1', 'web', [LOCAL_ENDPOINT]),
    slice('api-1', 'api', [LOCAL_ENDPOINT]),
  );
  const found = adopted(cluster, cluster);
  t.deepEqual(idsOf(found), {
    'shop/web:http/TCP IPv4': 0,
    'shop/web:http/TCP IPv4 local': 1,
    'shop/api:http/TCP IPv4 local': 1,
  });
  t.deepEqual([...found.table.sourceLists.keys()], ['shop/web:http/TCP IPv4 sources']);
});

test('an address that went to another Service brings its slot set along', (t) => {
  const before = clusterOf(service('a', '10.96.0.1'), slice('a-1', 'a', ['10.244.0.1', '10.244.0.2']));
  const after = clusterOf(service('b', '10.96.0.1'), slice('b-1', 'b', ['10.244.0.1', '10.244.0.3']));
  const found = adopted(before, after);
  t.deepEqual(idsOf(found), { 'shop/b:http/TCP IPv4': 0 });
  const { frontends, slotSets } = write(found, after.table);
  t.deepEqual(frontends, []);
  t.deepEqual(
    slotSets.map(({ after }) => after?.slots),
    [['10.244.0.1:8080', '10.244.0.3:8080']],
  );
});

test('AFF-02 a group with affinity has one owner: who gets one of its lists gets the other one too', (t) => {
  const affinity = { sessionAffinity: 'ClientIP', loadBalancerIPs: [VIP] } as const;
  const before = clusterOf(
    service('a', '10.96.0.1', { ...affinity, internalTrafficPolicy: 'Local' }),
    slice('a-1', 'a', [LOCAL_ENDPOINT]),
  );
  const after = clusterOf(
    service('b', '10.96.0.2', { ...affinity }),
    service('c', '10.96.0.1', { sessionAffinity: 'ClientIP', internalTrafficPolicy: 'Local' }),
    slice('b-1', 'b', [LOCAL_ENDPOINT]),
    slice('c-1', 'c', [LOCAL_ENDPOINT]),
  );
  const found = adopted(before, after);
  t.deepEqual(found.faults(), []);
  t.is([...found.table.slotSets.keys()].filter((key) => key.startsWith('#')).length, 0);
  write(found, after.table);
  t.true(satisfies(found.table, after.table));
  t.deepEqual(found.faults(), []);
});

test('what nobody wants keeps its number for a name, and is taken away', (t) => {
  const before = clusterOf(
    service('a', '10.96.0.1'),
    service('b', '10.96.0.2', { sessionAffinity: 'ClientIP' }),
    slice('a-1', 'a', ['10.244.0.1']),
    slice('b-1', 'b', ['10.244.0.1']),
  );
  const found = adopted(before, new Cluster('IPv4'));
  t.deepEqual(idsOf(found), { '#0': 0, '#group 0': 0 });
  write(found, new Cluster('IPv4').table);
  t.is(found.table.slotSets.size, 0);
  t.deepEqual(found.faults(), []);
});

test('property: what was read back differs in nothing from what is wanted, but for what no frontend leads to', (t) => {
  const property = fc.property(family, events, (of, eventsBefore) => {
    const cluster = new Cluster(of);
    cluster.apply(eventsBefore);
    const found = adopted(cluster, cluster);
    if (unreachableKeys(found.table).length > 0) return;
    t.true(isEmpty(write(found, cluster.table)));
    t.deepEqual(found.faults(), []);
  });
  fc.assert(property, { numRuns: 500 });
});

test('property: whatever was read back is brought to whatever is wanted', (t) => {
  const property = fc.property(
    family,
    events,
    events,
    randomRounds(3),
    (of, eventsBefore, eventsAfter, rounds) => {
      const [a, b] = [new Cluster(of), new Cluster(of)];
      a.apply(eventsBefore);
      b.apply(eventsAfter);
      const found = adopted(a, b);
      write(found, b.table);
      t.true(satisfies(found.table, b.table));
      t.deepEqual(found.faults(), []);
      for (const round of rounds) {
        b.apply(round);
        write(found, b.table);
        t.deepEqual(found.faults(), []);
      }
    },
  );
  fc.assert(property, { numRuns: 1000 });
});
