import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { type Decoded, decodeObject, decodeObjects } from '../../src/api/decode.ts';
import { describeFieldError } from '../../src/api/field-errors.ts';

const SERVICE = { metadata: { name: 'web' }, spec: { clusterIP: '10.0.0.1', ports: [{ port: 80 }] } };

function isIgnored(t: ExecutionContext, value: object, kind: string): void {
  t.deepEqual(decodeObject(value), { ignored: kind });
}

test('Pod', isIgnored, { apiVersion: 'v1', kind: 'Pod' }, 'Pod');
test('another Service', isIgnored, { apiVersion: 'serving.knative.dev/v1', kind: 'Service' }, 'Service');
test('PodList', isIgnored, { apiVersion: 'v1', kind: 'PodList', items: 3 }, 'PodList');
test('a kind named like a method', isIgnored, { apiVersion: 'v1', kind: 'constructor' }, 'constructor');

function isRefused(t: ExecutionContext, value: unknown, ...errors: string[]): void {
  const result = decodeObject(value);
  t.deepEqual('errors' in result && result.errors.map(describeFieldError), errors);
}

test('null', isRefused, null, 'null is not a Kubernetes object');
test('undefined', isRefused, undefined, 'undefined is not a Kubernetes object');
test('text', isRefused, 'x', '"x" is not a Kubernetes object');
test('list', isRefused, [], 'a list is not a Kubernetes object');
test('nothing said', isRefused, {}, 'kind: is missing', 'apiVersion: is missing');
test('kind', isRefused, { kind: 1, apiVersion: 'v1' }, 'kind: 1 is not a string');

test('errors carry the identity of an object that can be named', (t) => {
  t.like(decodeObject({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } }), {
    identity: { kind: 'Service', namespace: 'default', name: 'web' },
  });
  t.like(decodeObject({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a', labels: 1 } }), {
    identity: { kind: 'Node', namespace: '', name: 'a' },
  });
  for (const metadata of [{ name: 1 }, { name: 'a', namespace: 1 }, { name: 'A B' }, 'x', undefined]) {
    t.false('identity' in decodeObject({ apiVersion: 'v1', kind: 'Service', metadata }));
  }
});

test('v1 List: each item says what it is', (t) => {
  const items = [
    { apiVersion: 'v1', kind: 'Service', ...SERVICE },
    { apiVersion: 'v1', kind: 'Pod' },
    SERVICE,
  ];
  const entries = decodeObjects({ apiVersion: 'v1', kind: 'List', items });
  t.deepEqual(
    entries.map(({ path }) => path),
    [
      ['items', 0],
      ['items', 1],
      ['items', 2],
    ],
  );
  t.deepEqual(
    entries.map(({ decoded }) => Object.keys(decoded)[0]),
    ['object', 'ignored', 'errors'],
  );
});

test('typed lists: the items need not say what they are', (t) => {
  const lists: [string, string, object][] = [
    ['v1', 'ServiceList', SERVICE],
    ['v1', 'NodeList', { metadata: { name: 'a' } }],
    ['discovery.k8s.io/v1', 'EndpointSliceList', { metadata: { name: 'a' }, addressType: 'IPv4' }],
  ];
  for (const [apiVersion, kind, item] of lists) {
    const [entry] = decodeObjects({ apiVersion, kind, items: [item] });
    t.like(entry?.decoded, { object: { kind: kind.slice(0, -4) } });
  }
});

test('lists: empty, of a wrong type, inside one another', (t) => {
  const list = { apiVersion: 'v1', kind: 'List' };
  t.deepEqual(decodeObjects({ ...list, items: null }), []);
  t.deepEqual(decodeObjects({ ...list, items: 'x' }), [
    { path: [], decoded: { errors: [{ path: ['items'], message: '"x" is not a list' }] } },
  ]);
  const [entry] = decodeObjects({ ...list, items: [{ ...list, items: [] }] });
  t.deepEqual(entry?.decoded, { ignored: 'List' });
});

/** Values that get past the first checks often enough to reach the last ones. */
function objectLike(): fc.Arbitrary<unknown> {
  const names = [
    'metadata',
    'name',
    'namespace',
    'labels',
    'spec',
    'status',
    'ports',
    'port',
    'protocol',
    'type',
    'clusterIP',
    'clusterIPs',
    'ipFamilies',
    'addressType',
    'endpoints',
    'addresses',
    'conditions',
    'ready',
    'address',
    'nodeName',
    'podCIDRs',
    'podCIDR',
    'items',
    '__proto__',
    'toString',
  ];
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      'TCP',
      'IPv4',
      'IPv6',
      '10.0.0.1',
      'fd00::1',
      'None',
      '',
      'web',
      '10.0.0.0/8',
      null,
      80,
      true,
    ),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaf,
      fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 4 }),
      fc.array(tie('tree'), { maxLength: 3 }),
    ),
  }));
  const kinds = fc.constantFrom(
    { apiVersion: 'v1', kind: 'Service' },
    { apiVersion: 'v1', kind: 'Node' },
    { apiVersion: 'v1', kind: 'List' },
    { apiVersion: 'v1', kind: 'ServiceList' },
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
  );
  const fields = fc.dictionary(fc.constantFrom(...names), tree);
  return fc.tuple(fields, kinds).map(([value, kind]) => ({ ...value, ...kind }));
}

function isWellFormed(decoded: Decoded): boolean {
  return 'errors' in decoded ? decoded.errors.every((error) => describeFieldError(error) !== '') : true;
}

test('no value makes it throw', (t) => {
  const value = fc.oneof(fc.jsonValue(), fc.anything(), objectLike());
  fc.assert(
    fc.property(value, (input) => decodeObjects(input).every(({ decoded }) => isWellFormed(decoded))),
    { numRuns: 20_000 },
  );
  t.pass();
});

test('the same value gives the same result', (t) => {
  fc.assert(
    fc.property(objectLike(), (input) => {
      t.deepEqual(decodeObjects(structuredClone(input)), decodeObjects(input));
    }),
    { numRuns: 500 },
  );
});
