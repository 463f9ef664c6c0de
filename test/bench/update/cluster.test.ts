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
  const after = endpointsAfter([...before, cluster.change('replace')]);
  t.is(after.size, 6);
  t.is(after.difference(endpointsAfter(before)).size, 1);
});

test('add and remove are single endpoints, and leave the size as it was', (t) => {
  const cluster = newCluster();
  const events = cluster.everything();
  events.push(cluster.change('add'), cluster.change('add'));
  t.is(endpointsAfter(events).size, 8);
  events.push(cluster.change('remove'));
  t.is(endpointsAfter(events).size, 7);
  events.push(cluster.change('remove'));
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

test('the same seed makes the same changes', (t) => {
  const changes = (): ObjectEvent[] => {
    const cluster = newCluster(50, 10);
    return Array.from({ length: 20 }, () => cluster.change('replace'));
  };
  t.deepEqual(changes(), changes());
});
