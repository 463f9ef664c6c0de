import test from 'ava';
import type { EndpointSlice, ObjectEvent } from '../../../src/api/objects.ts';
import { seededRandom } from '../../../src/bench/common/random.ts';
import { Cluster } from '../../../src/bench/update/cluster.ts';
import { ServiceMap } from '../../../src/services/service-map.ts';

function newCluster(services = 3, endpoints = 2): Cluster {
  return new Cluster(services, endpoints, seededRandom(1));
}

function sliceOf(event: ObjectEvent): EndpointSlice {
  if (event.type !== 'put' || event.object.kind !== 'EndpointSlice') throw new TypeError('no slice');
  return event.object;
}

/** `address of service`, of all slices as they stand after the events. */
function endpointsAfter(events: readonly ObjectEvent[]): Set<string> {
  const slices = new Map<string, EndpointSlice>();
  for (const event of events) {
    if (event.type === 'put' && event.object.kind === 'EndpointSlice')
      slices.set(event.object.name, event.object);
  }
  return new Set(
    [...slices.values()].flatMap(({ name, endpoints }) =>
      endpoints.map((it) => `${it.addresses[0]} of ${name}`),
    ),
  );
}

test('the cluster consists of services with cluster IPs and ready endpoints of their own', (t) => {
  const map = new ServiceMap();
  map.apply(newCluster(300, 4).everything());
  const ports = [...map.servedPorts()];
  t.is(ports.length, 300);
  t.is(new Set(ports.map((port) => port.clusterIP)).size, 300);
  const endpoints = ports.flatMap((port) => port.endpoints);
  t.is(new Set(endpoints.map((it) => it.endpoint)).size, 1200);
  t.true(endpoints.every((it) => it.ready));
});

test('most endpoints, but not all, are on other nodes', (t) => {
  const slices = newCluster(100, 10).everything().slice(100).map(sliceOf);
  const local = slices.flatMap((it) => it.endpoints).filter((it) => it.nodeName === 'worker-0');
  t.is(local.length, 10);
});

test('replace changes one endpoint', (t) => {
  const cluster = newCluster();
  const before = cluster.everything();
  const after = endpointsAfter([...before, ...cluster.change('replace')]);
  t.is(after.size, 6);
  t.is(after.difference(endpointsAfter(before)).size, 1);
});

test('add and remove are single endpoints, and leave the size as it was', (t) => {
  const cluster = newCluster();
  const events = cluster.everything();
  events.push(...cluster.change('add'), ...cluster.change('add'));
  t.is(endpointsAfter(events).size, 8);
  events.push(...cluster.change('remove'));
  t.is(endpointsAfter(events).size, 7);
  events.push(...cluster.change('remove'));
  t.is(endpointsAfter(events).size, 6);
  t.throws(() => cluster.change('remove'));
});

test('a burst replaces another endpoint with each event', (t) => {
  const cluster = newCluster(3, 2);
  const before = cluster.everything();
  const burst = cluster.burst(6);
  t.is(burst.length, 6);
  t.true(endpointsAfter([...before, ...burst]).isDisjointFrom(endpointsAfter(before)));
});

/** The service ports with the number of their endpoints. */
function sizesAfter(events: readonly ObjectEvent[]): number[] {
  const map = new ServiceMap();
  map.apply(events);
  return [...map.servedPorts()].map((port) => port.endpoints.length);
}

test('create and delete are whole services, and leave the size as it was', (t) => {
  const cluster = newCluster(3, 2);
  const events = cluster.everything();
  events.push(...cluster.change('create'), ...cluster.change('create'));
  t.deepEqual(sizesAfter(events), [2, 2, 2, 2, 2]);
  events.push(...cluster.change('delete'), ...cluster.change('delete'));
  t.deepEqual(sizesAfter(events), [2, 2, 2]);
  t.throws(() => cluster.change('delete'));
});

test('a rolling update replaces every endpoint of a service one by one, and nothing of it stays', (t) => {
  const cluster = newCluster(3, 2);
  const { created, steps, deleted } = cluster.rolling(250);
  const before = [...cluster.everything(), ...created];
  t.deepEqual(sizesAfter(before), [2, 2, 2, 250]);
  t.is(steps.length, 250);
  const one = endpointsAfter([...before, ...steps.slice(0, 1)]);
  t.is(one.difference(endpointsAfter(before)).size, 1);
  const all = endpointsAfter([...before, ...steps]);
  t.is(all.difference(endpointsAfter(before)).size, 250);
  t.deepEqual(sizesAfter([...before, ...steps, ...deleted]), [2, 2, 2]);
});

test('churn is of all kinds and leaves the size as it was, but for one service', (t) => {
  const cluster = newCluster(5, 3);
  const events = cluster.everything();
  const changes = cluster.churn();
  for (let made = 0; made < 1000; made++) events.push(...changes.next().value);
  t.deepEqual(sizesAfter(events), [3, 3, 3, 3, 3]);
  t.true(events.some((event) => event.type === 'delete'));
});

test('the same seed makes the same changes', (t) => {
  const changes = (): ObjectEvent[] => {
    const cluster = newCluster(50, 10);
    return Array.from({ length: 20 }, () => cluster.change('replace')).flat();
  };
  t.deepEqual(changes(), changes());
});
