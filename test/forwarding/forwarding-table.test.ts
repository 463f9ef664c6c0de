import test from 'ava';
import fc from 'fast-check';
import type { ObjectEvent } from '../../src/api/objects.ts';
import { ForwardingTable, noTouchedKeys } from '../../src/forwarding/forwarding-table.ts';
import { ServiceMap } from '../../src/services/service-map.ts';
import { thisNode } from '../helpers/cluster.ts';
import { put, remove, service, slice } from '../helpers/objects.ts';
import { objectKey, randomEvent } from '../helpers/random-cluster.ts';

/** Everything that a table wants, in a form that does not depend on insertion order. */
function contents(table: ForwardingTable) {
  return {
    frontends: sorted(table.frontends()),
    slotSets: sorted(table.slotSets()).map((set) => ({ ...set, endpoints: set.endpoints.toSorted() })),
    sourceLists: sorted(table.sourceLists()),
    clusterIPs: [...table.clusterIPs()].toSorted(),
    hairpins: [...table.hairpins()].toSorted(),
  };
}

function sorted<Entry>(entries: Iterable<[string, Entry]>): Entry[] {
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** The endpoints that a frontend leads everybody to who is inside. */
function endpointsOf(table: ForwardingTable, key: string): readonly string[] | undefined {
  const target = table.frontend(key)?.inside;
  return target?.action === 'forward' ? table.slotSet(target.slotSet)?.endpoints : undefined;
}

function tableOf(events: readonly ObjectEvent[], roundSize = events.length || 1): ForwardingTable {
  const services = new ServiceMap();
  const table = new ForwardingTable(thisNode('IPv4'));
  for (let i = 0; i < events.length; i += roundSize) {
    for (const change of services.apply(events.slice(i, i + roundSize)))
      table.update(change, noTouchedKeys());
  }
  return table;
}

test('NEP-01 without endpoints the frontend rejects', (t) => {
  const table = tableOf(put(service('web', '10.96.0.1')));
  t.like(table.frontend('10.96.0.1:80/TCP'), { inside: { action: 'reject' }, outside: undefined });
});

test('SEL-01 SEL-05 only ready endpoints are used', (t) => {
  const endpoints = [
    { addresses: ['10.244.0.1'], ready: true },
    { addresses: ['10.244.0.2'], ready: false },
  ];
  const table = tableOf(put(service('web', '10.96.0.1'), slice('web-1', 'web', endpoints)));
  t.deepEqual(endpointsOf(table, '10.96.0.1:80/TCP'), ['10.244.0.1:8080']);
});

test('MASQ-09 MASQ-10 hairpin for endpoints that may be here', (t) => {
  const endpoints = [
    { addresses: ['10.244.0.1'], nodeName: 'here' },
    { addresses: ['10.244.0.2'], nodeName: 'there' },
    { addresses: ['10.244.0.3'] },
  ];
  const table = tableOf(put(service('web', '10.96.0.1'), slice('web-1', 'web', endpoints)));
  t.deepEqual([...table.hairpins()], ['10.244.0.1', '10.244.0.3']);
});

test('VIP-07 of two services with one frontend the first by name is served, and the other when it goes', (t) => {
  const [a, b] = [service('a', '10.96.0.1'), service('b', '10.96.0.1')];
  const objects = [b, slice('b-1', 'b', ['10.244.0.2']), a, slice('a-1', 'a', ['10.244.0.1'])];
  t.deepEqual(endpointsOf(tableOf(put(...objects)), '10.96.0.1:80/TCP'), ['10.244.0.1:8080']);
  const without = tableOf([...put(...objects), remove(a)], 1);
  t.deepEqual(endpointsOf(without, '10.96.0.1:80/TCP'), ['10.244.0.2:8080']);
});

test('a conflict names both owners', (t) => {
  const services = new ServiceMap();
  const table = new ForwardingTable(thisNode('IPv4'));
  const changes = services.apply(put(service('a', '10.96.0.1'), service('b', '10.96.0.1')));
  const conflicts = changes.flatMap((change) => table.update(change, noTouchedKeys()));
  t.deepEqual(conflicts, [
    { frontend: '10.96.0.1:80/TCP', owners: ['shop/b:http/TCP IPv4', 'shop/a:http/TCP IPv4'] },
  ]);
});

test('property: the last event of each object decides, in whatever order and rounds the events come', (t) => {
  const shuffled = fc
    .array(randomEvent, { maxLength: 40 })
    .chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(lastOfEach(events), full(events))));
  const property = fc.property(shuffled, fc.integer({ min: 1, max: 8 }), ([events, last], roundSize) => {
    t.deepEqual(contents(tableOf(events, roundSize)), contents(tableOf(last)));
  });
  fc.assert(property, { numRuns: 1000 });
});

test('property: deleting every object leaves an empty table', (t) => {
  const property = fc.property(fc.array(randomEvent, { maxLength: 40 }), (events) => {
    const deletions = events.flatMap((event) => (event.type === 'put' ? [removal(event)] : []));
    t.deepEqual(contents(tableOf([...events, ...deletions], 3)), contents(tableOf([])));
  });
  fc.assert(property, { numRuns: 500 });
});

function removal(event: ObjectEvent & { type: 'put' }): ObjectEvent {
  const { kind, name } = event.object;
  return { type: 'delete', kind, namespace: 'shop', name };
}

function lastOfEach(events: readonly ObjectEvent[]): ObjectEvent[] {
  return [...new Map(events.map((event) => [objectKey(event), event])).values()];
}

function full(events: readonly ObjectEvent[]): { minLength: number } {
  return { minLength: lastOfEach(events).length };
}
