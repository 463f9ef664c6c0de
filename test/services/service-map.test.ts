import test, { type ExecutionContext } from 'ava';
import type { EndpointSlice, ObjectEvent, Service } from '../../src/api/objects.ts';
import { ServiceMap } from '../../src/services/service-map.ts';
import { put, remove, service, slice } from '../helpers/objects.ts';

/** What is served, as `clusterIP:port/protocol -> endpoints that are ready`, sorted. */
function served(map: ServiceMap): string[] {
  return [...map.servedPorts()]
    .map(({ clusterIP, port, protocol, endpoints }) => {
      const ready = endpoints.filter((it) => it.ready).map((it) => it.endpoint);
      return `${clusterIP}:${port}/${protocol} -> ${ready.toSorted().join(' ')}`.trim();
    })
    .toSorted();
}

function mapOf(...objects: (Service | EndpointSlice)[]): ServiceMap {
  const map = new ServiceMap();
  map.apply(put(...objects));
  return map;
}

/** Asserts what a set of objects amounts to, whichever arrives first. */
const serves = test.macro((t: ExecutionContext, objects: (Service | EndpointSlice)[], expected: string[]) => {
  t.deepEqual(served(mapOf(...objects)), expected);
  t.deepEqual(served(mapOf(...objects.toReversed())), expected);
});

const web = service('web', '10.96.0.1');
const two = slice('web-1', 'web', ['10.244.0.1', '10.244.0.2']);
const both = ['10.96.0.1:80/TCP -> 10.244.0.1:8080 10.244.0.2:8080'];
const none = ['10.96.0.1:80/TCP ->'];
const dualStack = { clusterIPs: ['10.96.0.1', 'fd00:96::1'], ipFamilies: ['IPv4', 'IPv6'] };

test('VIP-01 a service port with its endpoints', serves, [web, two], both);
test('SVC-02 headless', serves, [service('web', 'None', { clusterIPs: ['None'] }), two], []);
test(
  'SVC-03 ExternalName with a leftover cluster IP',
  serves,
  [service('web', '10.96.0.1', { type: 'ExternalName' }), two],
  [],
);
test('SVC-03 empty cluster IP', serves, [service('web', '', { clusterIPs: [], ipFamilies: [] }), two], []);
test(
  'SVC-04 left to another proxy',
  serves,
  [service('web', '10.96.0.1', { labels: { 'service.kubernetes.io/service-proxy-name': '' } }), two],
  [],
);
test(
  'SVC-05 a family of its own for each cluster IP',
  serves,
  [
    service('web', '10.96.0.1', dualStack),
    two,
    slice('web-6', 'web', ['fd00:244::1'], { addressType: 'IPv6' }),
  ],
  [...both, 'fd00:96::1:80/TCP -> [fd00:244::1]:8080'],
);
test(
  'SVC-05 a listed family without a cluster IP does not exist',
  serves,
  [service('web', '10.96.0.1', { ipFamilies: ['IPv4', 'IPv6'] }), two],
  both,
);
test(
  'SVC-05 an unlisted family does not exist',
  serves,
  [service('web', '10.96.0.1', { ...dualStack, ipFamilies: ['IPv4'] }), two],
  both,
);
test(
  'SVC-05 without ipFamilies clusterIP counts alone',
  serves,
  [service('web', '10.96.0.1', { clusterIPs: ['10.96.0.1', 'fd00:96::1'], ipFamilies: [] }), two],
  both,
);
test(
  'SVC-06 SVC-07 one number with several protocols',
  serves,
  [
    service('web', '10.96.0.1', {
      ports: [
        { name: 'http', protocol: 'TCP', port: 80 },
        { name: 'quic', protocol: 'UDP', port: 80 },
      ],
    }),
    two,
  ],
  [...both, '10.96.0.1:80/UDP ->'],
);
test(
  'EP-01 a slice without the label',
  serves,
  [web, slice('web-1', 'web', ['10.244.0.1'], { labels: {} })],
  none,
);
test('EP-01 a slice with an empty label', serves, [web, slice('web-1', '', ['10.244.0.1'])], none);
test(
  'EP-01 a slice of another namespace',
  serves,
  [web, slice('web-1', 'web', ['10.244.0.1'], { namespace: 'other' })],
  none,
);
test(
  'EP-02 the headless label',
  serves,
  [
    web,
    slice('web-1', 'web', ['10.244.0.1'], {
      labels: { 'kubernetes.io/service-name': 'web', 'service.kubernetes.io/headless': '' },
    }),
  ],
  none,
);
test('EP-03 FQDN', serves, [web, slice('web-1', 'web', ['pod.example'], { addressType: 'FQDN' })], none);
test(
  'EP-04 a port of another name',
  serves,
  [web, slice('web-1', 'web', ['10.244.0.1'], { ports: [{ name: 'https', protocol: 'TCP', port: 8443 }] })],
  none,
);
test(
  'EP-04 the unnamed port',
  serves,
  [
    service('web', '10.96.0.1', { ports: [{ name: '', protocol: 'TCP', port: 80 }] }),
    slice('web-1', 'web', ['10.244.0.1'], { ports: [{ name: '', protocol: 'TCP', port: 9000 }] }),
  ],
  ['10.96.0.1:80/TCP -> 10.244.0.1:9000'],
);
test(
  'EP-04 a port without a name',
  serves,
  [
    service('web', '10.96.0.1', { ports: [{ name: '', protocol: 'TCP', port: 80 }] }),
    slice('web-1', 'web', ['10.244.0.1'], { ports: [{ protocol: 'TCP', port: 9000 }] }),
  ],
  none,
);
test(
  'EP-05 no number',
  serves,
  [web, slice('web-1', 'web', ['10.244.0.1'], { ports: [{ name: 'http', protocol: 'TCP' }] })],
  none,
);
test(
  'EP-05 number 0',
  serves,
  [web, slice('web-1', 'web', ['10.244.0.1'], { ports: [{ name: 'http', protocol: 'TCP', port: 0 }] })],
  none,
);
test(
  'EP-06 another protocol',
  serves,
  [web, slice('web-1', 'web', ['10.244.0.1'], { ports: [{ name: 'http', protocol: 'UDP', port: 8080 }] })],
  none,
);
test(
  'EP-07 the first address counts',
  serves,
  [web, slice('web-1', 'web', [{ addresses: ['10.244.0.1', '10.244.0.9'] }])],
  ['10.96.0.1:80/TCP -> 10.244.0.1:8080'],
);
test(
  'EP-08 an endpoint without address',
  serves,
  [web, slice('web-1', 'web', [{ addresses: [] }, '10.244.0.1'])],
  ['10.96.0.1:80/TCP -> 10.244.0.1:8080'],
);
test(
  'EP-10 SEL-01 unset ready is ready, false is not',
  serves,
  [web, slice('web-1', 'web', ['10.244.0.1', { addresses: ['10.244.0.2'], ready: false }])],
  ['10.96.0.1:80/TCP -> 10.244.0.1:8080'],
);
test(
  'EP-11 a terminating duplicate does not replace',
  serves,
  [
    web,
    slice('web-1', 'web', ['10.244.0.1']),
    slice('web-2', 'web', [{ addresses: ['10.244.0.1'], ready: false, serving: true, terminating: true }]),
  ],
  ['10.96.0.1:80/TCP -> 10.244.0.1:8080'],
);
test(
  'EP-11 a non-terminating duplicate replaces',
  serves,
  [
    web,
    slice('web-1', 'web', [{ addresses: ['10.244.0.1'], ready: false, serving: true, terminating: true }]),
    slice('web-2', 'web', ['10.244.0.1']),
  ],
  ['10.96.0.1:80/TCP -> 10.244.0.1:8080'],
);
test(
  'EP-12 several slices',
  serves,
  [web, slice('web-1', 'web', ['10.244.0.1']), slice('web-2', 'web', ['10.244.0.2'])],
  both,
);
test(
  'EP-13 another number in each slice',
  serves,
  [
    web,
    slice('web-1', 'web', ['10.244.0.1']),
    slice('web-2', 'web', ['10.244.0.1'], { ports: [{ name: 'http', protocol: 'TCP', port: 8081 }] }),
  ],
  ['10.96.0.1:80/TCP -> 10.244.0.1:8080 10.244.0.1:8081'],
);
test('EP-14 a slice without a service', serves, [two], []);

test('EP-14 a slice is remembered until its service appears', (t) => {
  const map = mapOf(two);
  map.apply(put(web));
  t.deepEqual(served(map), both);
});

test('SVC-04 adding the label deletes, removing it creates', (t) => {
  const map = mapOf(web, two);
  map.apply(put({ ...web, labels: { 'service.kubernetes.io/service-proxy-name': 'x' } }));
  t.deepEqual(served(map), []);
  map.apply(put(web));
  t.deepEqual(served(map), both);
});

test('SVC-12 EP-15 edits of what is not read change nothing', (t) => {
  const map = mapOf(web, two);
  const relabelled = { ...web, labels: { team: 'blue' } };
  const touchedSlice = slice('web-1', 'web', ['10.244.0.1', '10.244.0.2'], {
    labels: { 'kubernetes.io/service-name': 'web', extra: 'label' },
  });
  t.deepEqual(map.apply(put(relabelled, touchedSlice)), []);
});

test('EP-16 a slice that moves to another service leaves the first', (t) => {
  const map = mapOf(web, service('api', '10.96.0.2'), two);
  map.apply(put(slice('web-1', 'api', ['10.244.0.1', '10.244.0.2'])));
  t.deepEqual(served(map), ['10.96.0.1:80/TCP ->', '10.96.0.2:80/TCP -> 10.244.0.1:8080 10.244.0.2:8080']);
});

test('EP-02 a slice that gains the headless label is gone', (t) => {
  const map = mapOf(web, two);
  map.apply(put({ ...two, labels: { ...two.labels, 'service.kubernetes.io/headless': '' } }));
  t.deepEqual(served(map), none);
});

test('an event changes the ports that it touches and no other', (t) => {
  const map = mapOf(
    service('web', '10.96.0.1', {
      ports: [
        { name: 'http', protocol: 'TCP', port: 80 },
        { name: 'admin', protocol: 'TCP', port: 81 },
      ],
    }),
    two,
    service('api', '10.96.0.2'),
  );
  const changes = map.apply(put(slice('web-1', 'web', ['10.244.0.1', '10.244.0.3'])));
  t.deepEqual(
    changes.map((change) => change.after?.id),
    ['shop/web:http/TCP IPv4'],
  );
});

test('deleting everything leaves nothing', (t) => {
  const map = mapOf(web, two);
  map.apply([remove(two)]);
  t.deepEqual(served(map), none);
  map.apply([remove(web)]);
  t.deepEqual(served(map), []);
});

test('deleting what was never there is nothing', (t) => {
  const map = new ServiceMap();
  const events: ObjectEvent[] = [remove(web), remove(two)];
  t.deepEqual(map.apply(events), []);
});
