import test from 'ava';
import { clusterEvents } from '../../../src/bench/path/cluster.ts';
import { destinationOf } from '../../../src/bench/path/routes.ts';
import { ServiceMap } from '../../../src/services/service-map.ts';

const SIZE = { services: 3000, endpoints: 3 };
const NODE = '172.31.0.2';

const map = new ServiceMap();
map.apply(clusterEvents(SIZE, NODE));
const ports = [...map.servedPorts()];

test('each service has a TCP and a UDP port with endpoints of their own', (t) => {
  t.is(ports.length, 2 * SIZE.services);
  for (const protocol of ['TCP', 'UDP']) {
    const ours = ports.filter((it) => it.protocol === protocol);
    t.is(new Set(ours.map((it) => it.clusterIP)).size, SIZE.services);
    const endpoints = ours.flatMap((it) => it.endpoints);
    t.is(new Set(endpoints.map((it) => it.endpoint)).size, SIZE.services * SIZE.endpoints);
    t.true(endpoints.every((it) => it.ready));
  }
});

test('the destinations of a target are those of its services', (t) => {
  const [first] = ports;
  const last = ports.at(-1);
  const at = (path: 'direct' | 'service', target: 'first' | 'last' | 'random', origin: 'pod' | 'outside') =>
    destinationOf(path, target, origin, SIZE, NODE);
  t.is(at('service', 'first', 'pod'), `${first?.clusterIP} 1 80 1`);
  t.is(at('service', 'last', 'pod'), `${last?.clusterIP} 1 80 1`);
  t.is(at('service', 'random', 'pod'), `${first?.clusterIP} 3000 80 1`);
  t.is(at('service', 'first', 'outside'), `${NODE} 1 ${first?.nodePort} 1`);
  t.is(at('service', 'last', 'outside'), `${NODE} 1 ${last?.nodePort} 1`);
  t.is(at('service', 'random', 'outside'), `${NODE} 1 30000 2768`);
  t.is(`${at('direct', 'first', 'pod')}`, `${first?.endpoints[0]?.endpoint.replace(':', ' 3 ')} 1`);
  t.is(`${at('direct', 'last', 'pod')}`, `${last?.endpoints[0]?.endpoint.replace(':', ' 3 ')} 1`);
  t.is(`${at('direct', 'random', 'outside')}`, `${first?.endpoints[0]?.endpoint.replace(':', ' 9000 ')} 1`);
});
