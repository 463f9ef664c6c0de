/** Section 2: EndpointSlices. */
import test, { type ExecutionContext } from 'ava';
import { decodeObject } from '../../src/api/decode.ts';
import type { ObjectEvent } from '../../src/api/objects.ts';
import { ServiceMap } from '../../src/services/service-map.ts';
import type { RawEndpoint, RawEndpointPort, RawEndpointSlice } from '../reference/situation.ts';
import { becomes, decides } from './flows.ts';
import { DRAINING, GONE, HTTP, nameless, on, service, slice, UNREADY } from './story.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';

function second(
  endpoints: readonly RawEndpoint[],
  ports: readonly RawEndpointPort[] = [HTTP],
): RawEndpointSlice {
  return slice(endpoints, {
    metadata: { namespace: 'shop', name: 'web-2', labels: { [SERVICE_NAME]: 'web' } },
    ports,
  });
}

function labelled(labels: Record<string, string>, namespace = 'shop'): RawEndpointSlice {
  return slice([on('A')], { metadata: { namespace, name: 'web-1', labels } });
}

const REFUSED = { 'pod > clusterIP': 'reject' };

test('EP-01 no service name', decides, { slices: [labelled({})] }, REFUSED);
test('EP-01 empty service name', decides, { slices: [labelled({ [SERVICE_NAME]: '' })] }, REFUSED);
test('EP-01 another namespace', decides, { slices: [labelled({ [SERVICE_NAME]: 'web' }, 'test')] }, REFUSED);
test(
  'EP-02 headless label',
  decides,
  { slices: [labelled({ [SERVICE_NAME]: 'web', 'service.kubernetes.io/headless': '' })] },
  REFUSED,
);
test(
  'EP-02 a slice that gains the label is gone',
  becomes,
  {},
  { slices: [labelled({ [SERVICE_NAME]: 'web', 'service.kubernetes.io/headless': '' })] },
  REFUSED,
);
test(
  'EP-03 FQDN',
  decides,
  { slices: [slice([{ addresses: ['db.example.net'] }], { addressType: 'FQDN' })] },
  REFUSED,
);
test(
  'EP-04 another port name',
  decides,
  { slices: [slice([on('A')], { ports: [{ ...HTTP, name: 'alt' }] })] },
  REFUSED,
);
test(
  'EP-04 no port name',
  decides,
  { slices: [slice([on('A')], { ports: [{ protocol: 'TCP', port: 8080 }] })] },
  REFUSED,
);
test(
  'EP-04 the empty name is a name',
  decides,
  { spec: { ports: [{ port: 80 }] }, slices: [slice([on('A')], { ports: [{ ...HTTP, name: '' }] })] },
  { 'pod > clusterIP': 'A' },
);
test(
  'EP-05 no number',
  decides,
  { slices: [slice([on('A')], { ports: [{ name: 'http', protocol: 'TCP' }] })] },
  REFUSED,
);
test('EP-05 number 0', decides, { slices: [slice([on('A')], { ports: [{ ...HTTP, port: 0 }] })] }, REFUSED);
test(
  'EP-06 another protocol',
  decides,
  { slices: [slice([on('A')], { ports: [{ ...HTTP, protocol: 'UDP' }] })] },
  REFUSED,
);
test(
  'EP-07 the first address',
  decides,
  { endpoints: [on('A', undefined, { addresses: ['10.64.1.31', '10.64.1.99'] })] },
  { 'pod > clusterIP': 'A' },
);
test(
  'EP-08 no address',
  decides,
  { endpoints: [on('A', undefined, { addresses: [] }), on('B')] },
  { 'pod > clusterIP': 'B' },
);
test(
  'EP-09 local is who says so',
  decides,
  { spec: { internalTrafficPolicy: 'Local' }, endpoints: [on('A'), nameless('D'), on('B')] },
  { 'pod > clusterIP': 'A' },
);
test(
  'EP-09 nobody is local without a node name',
  decides,
  { spec: { internalTrafficPolicy: 'Local' }, endpoints: [nameless('A')] },
  { 'pod > clusterIP': 'drop' },
);
test(
  'EP-10 no conditions: ready',
  decides,
  { endpoints: [on('A', {}), on('B', UNREADY)] },
  { 'pod > clusterIP': 'A' },
);
test(
  'EP-10 serving does not inherit ready',
  decides,
  { endpoints: [on('A', { ready: false, terminating: true })] },
  { 'pod > clusterIP': 'A' },
);
test(
  'EP-10 terminating is false by default',
  decides,
  { endpoints: [on('A', { ready: false, serving: true })] },
  REFUSED,
);
test(
  'EP-11 a terminating duplicate does not replace',
  decides,
  { slices: [slice([on('A')]), second([on('A', GONE)])] },
  { 'pod > clusterIP': 'A' },
);
test(
  'EP-11 a non-terminating duplicate replaces',
  decides,
  { slices: [slice([on('A', GONE)]), second([on('A')])] },
  { 'pod > clusterIP': 'A' },
);
test(
  'EP-11 the same address twice is one endpoint',
  decides,
  { slices: [slice([on('A'), on('A')]), second([on('A'), on('B')])] },
  { 'pod > clusterIP': 'A B' },
);
test(
  'EP-12 several slices',
  decides,
  { slices: [slice([on('A')]), second([on('B')])] },
  { 'pod > clusterIP': 'A B' },
);
test(
  'EP-13 several numbers for one name',
  decides,
  { slices: [slice([on('A')]), second([on('A'), on('B')], [{ ...HTTP, port: 9090 }])] },
  { 'pod > clusterIP': 'A 10.64.1.31:9090 10.64.2.31:9090' },
);
test(
  'EP-14 a slice alone does nothing, and counts when its Service comes',
  becomes,
  { metadata: { name: 'other' } },
  {},
  { 'pod > clusterIP': 'A B' },
);
test(
  'EP-16 a slice that moves leaves its old Service',
  becomes,
  {
    services: [
      service(
        {
          clusterIP: '10.112.0.11',
          clusterIPs: ['10.112.0.11'],
          externalIPs: [],
          ports: [{ name: 'http', port: 80 }],
        },
        { name: 'db' },
        [],
      ),
    ],
  },
  {
    services: [
      service(
        {
          clusterIP: '10.112.0.11',
          clusterIPs: ['10.112.0.11'],
          externalIPs: [],
          ports: [{ name: 'http', port: 80 }],
        },
        { name: 'db' },
        [],
      ),
    ],
    slices: [labelled({ [SERVICE_NAME]: 'db' })],
  },
  { 'pod > clusterIP': 'reject', 'pod > 10.112.0.11:80': 'A' },
);

function changesNothing(t: ExecutionContext, was: RawEndpointSlice, is: RawEndpointSlice): void {
  const services = new ServiceMap();
  services.apply([service(), was].map((raw) => putEvent(raw)));
  t.deepEqual(services.apply([putEvent(is)]), []);
}

function putEvent(raw: object): ObjectEvent {
  const decoded = decodeObject(raw);
  if (!('object' in decoded)) throw new Error(JSON.stringify(decoded));
  return { type: 'put', object: decoded.object };
}

const NAMED = { namespace: 'shop', name: 'web-1', labels: { [SERVICE_NAME]: 'web' } };

test(
  'EP-15 labels of a slice',
  changesNothing,
  slice([on('A')]),
  slice([on('A')], { metadata: { ...NAMED, labels: { ...NAMED.labels, app: 'web' } } }),
);
test(
  'EP-15 the zone of an endpoint',
  changesNothing,
  slice([on('A')]),
  slice([on('A', undefined, { zone: 'zone-9', hostname: 'web-0' })]),
);
test('EP-15 an unset condition gets its default', changesNothing, slice([on('A', {})]), slice([on('A')]));
test(
  'EP-17 the trigger time',
  changesNothing,
  slice([on('A')]),
  slice([on('A')], {
    metadata: {
      ...NAMED,
      annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-11-24T10:00:00.5Z' },
    },
  }),
);
test(
  'EP-10 ready, serving and terminating: draining',
  decides,
  { endpoints: [on('A', DRAINING)] },
  { 'pod > clusterIP': 'A' },
);
