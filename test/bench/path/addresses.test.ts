import test from 'ava';
import { nodePortOf, nodePortsOf } from '../../../src/bench/path/addresses.ts';

const portsOf = test.macro((t, services: number) => {
  const ports = Array.from({ length: services }, (_, service) => nodePortOf(service, services));
  const given = ports.filter((port) => port !== undefined);
  const inOrder = Array.from({ length: nodePortsOf(services) }, (_, index) => 30_000 + index);
  t.deepEqual(given, inOrder);
  t.is(ports[0], 30_000);
  t.is(ports.at(-1), inOrder.at(-1));
  t.true(given.every((port) => port <= 32_767));
});

for (const services of [1, 2, 1000, 2768, 2769, 30_000]) {
  test(`node ports are spread over ${services} services, first and last included`, portsOf, services);
}
