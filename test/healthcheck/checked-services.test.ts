import test from 'ava';
import { CheckedServices } from '../../src/healthcheck/checked-services.ts';
import type { ServedEndpoint, ServedPort } from '../../src/services/served-port.ts';
import { endpoint, TRAITS, udpPort } from '../helpers/served-ports.ts';

const CHECKED = { ...TRAITS, externalPolicy: 'Local', healthCheckNodePort: 32320 } as const;
const here = (address: string, port = 8080, fields: Partial<ServedEndpoint> = {}): ServedEndpoint =>
  endpoint(address, port, { nodeName: 'here', ...fields });

/** A port of the Service shop/gate. */
function gate(
  name: string,
  endpoints: readonly ServedEndpoint[],
  fields: Partial<ServedPort> = {},
): ServedPort {
  return udpPort({
    id: `shop/gate:${name}/TCP IPv4`,
    service: 'shop/gate',
    protocol: 'TCP',
    traits: CHECKED,
    endpoints,
    ...fields,
  });
}

/** What is said of shop/gate when it has these ports. */
function countOf(...ports: readonly ServedPort[]): number | undefined {
  const services = new CheckedServices('IPv4', 'here');
  for (const after of ports) services.touch({ before: undefined, after });
  services.publish();
  return services.get('shop/gate')?.localEndpoints;
}

test('HC-01 a Service with a health check port is checked there', (t) => {
  const services = new CheckedServices('IPv4', 'here');
  services.touch({ before: undefined, after: gate('http', []) });
  t.deepEqual(services.publish(), ['shop/gate']);
  t.deepEqual(services.get('shop/gate'), { service: 'shop/gate', port: 32320, localEndpoints: 0 });
});

test('HC-01 one without is not', (t) => {
  const services = new CheckedServices('IPv4', 'here');
  services.touch({ before: undefined, after: gate('http', [here('10.244.0.1')], { traits: TRAITS }) });
  t.deepEqual(services.publish(), []);
  t.is(services.get('shop/gate'), undefined);
});

test('HC-02 addresses count once, whatever the port', (t) => {
  const http = gate('http', [here('10.244.0.1'), here('10.244.0.2')]);
  const https = gate('https', [here('10.244.0.2', 8443), here('10.244.0.3', 8443)]);
  const twice = gate('twice', [here('10.244.0.3', 1), here('10.244.0.3', 2)]);
  t.is(countOf(http, https, twice), 3);
});

test('HC-02 only endpoints of this node count', (t) => {
  const endpoints = [
    here('10.244.0.1'),
    here('10.244.0.2', 8080, { nodeName: 'there' }),
    here('10.244.0.3', 8080, { nodeName: undefined }),
  ];
  t.is(countOf(gate('http', endpoints)), 1);
});

test('HC-02 only ready endpoints count, not terminating ones that still serve', (t) => {
  const endpoints = [
    here('10.244.0.1', 8080, { ready: false, serving: true, terminating: true }),
    here('10.244.0.2', 8080, { ready: false, serving: false }),
  ];
  t.is(countOf(gate('http', endpoints)), 0);
});

test('HC-02 families are counted apart (DUAL-02)', (t) => {
  const endpoints = [here('10.244.0.1')];
  t.is(countOf(gate('http', endpoints), gate('http6', [here('fd00::1')], { family: 'IPv6' })), 1);
});

test('HC-07 a change shows when it is published, and not before', (t) => {
  const services = new CheckedServices('IPv4', 'here');
  const before = gate('http', [here('10.244.0.1')]);
  services.touch({ before: undefined, after: before });
  t.is(services.get('shop/gate'), undefined);
  services.publish();
  services.touch({ before, after: gate('http', []) });
  t.is(services.get('shop/gate')?.localEndpoints, 1);
  t.deepEqual(services.publish(), ['shop/gate']);
  t.is(services.get('shop/gate')?.localEndpoints, 0);
  t.deepEqual(services.publish(), []);
});

test('HC-07 a Service that lost its health check, or all of its ports', (t) => {
  const services = new CheckedServices('IPv4', 'here');
  const http = gate('http', []);
  const https = gate('https', [here('10.244.0.1')]);
  for (const after of [http, https]) services.touch({ before: undefined, after });
  services.publish();
  services.touch({ before: https, after: undefined });
  services.publish();
  t.is(services.get('shop/gate')?.localEndpoints, 0);
  services.touch({ before: http, after: gate('http', [], { traits: TRAITS }) });
  t.deepEqual(services.publish(), ['shop/gate']);
  t.is(services.get('shop/gate'), undefined);
});
