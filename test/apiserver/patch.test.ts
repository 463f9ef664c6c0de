import test from 'ava';
import { serverSideApply } from '../../src/apiserver/apply/server-side-apply.ts';
import type { JsonObject, KubeObject } from '../../src/apiserver/objects.ts';
import { jsonPatch } from '../../src/apiserver/patch/json-patch.ts';
import { mergePatch } from '../../src/apiserver/patch/merge-patch.ts';
import { strategicMerge } from '../../src/apiserver/patch/strategic-merge.ts';
import { SERVICE } from '../../src/apiserver/schema/service.ts';
import { POD } from '../../src/apiserver/schema/workloads.ts';

test('JSON patch', (t) => {
  t.deepEqual(jsonPatch({ a: 1 }, [{ op: 'replace', path: '/a', value: 2 }]), { a: 2 });
  t.throws(() => jsonPatch({ a: 1 }, [{ op: 'test', path: '/a', value: 2 }]));
  t.throws(() => jsonPatch({ a: 1 }, { a: 2 }), { message: /not a list of operations/ });
});

test('merge patch: null deletes, objects merge, lists replace', (t) => {
  t.deepEqual(mergePatch({ a: { b: 1, c: 2 }, l: [1] }, { a: { b: null }, l: [2] }), { a: { c: 2 }, l: [2] });
});

const WEB = { spec: { ports: [{ port: 80, nodePort: 30080 }, { port: 443 }], selector: { app: 'web' } } };

const strategic = test.macro((t, patch: JsonObject, spec: JsonObject) => {
  t.deepEqual(strategicMerge(SERVICE, WEB, { spec: patch })['spec'], spec);
});

test(
  'ports merge by number',
  strategic,
  { ports: [{ port: 80, targetPort: 8080 }] },
  {
    ...WEB.spec,
    ports: [{ port: 80, nodePort: 30080, targetPort: 8080 }, { port: 443 }],
  },
);
test(
  'a new port is added',
  strategic,
  { ports: [{ port: 53 }] },
  { ...WEB.spec, ports: [...WEB.spec.ports, { port: 53 }] },
);
test(
  '$patch: delete takes a port out',
  strategic,
  { ports: [{ $patch: 'delete', port: 80 }] },
  {
    ...WEB.spec,
    ports: [{ port: 443 }],
  },
);
test(
  '$setElementOrder orders',
  strategic,
  { '$setElementOrder/ports': [{ port: 443 }, { port: 80 }], ports: [] },
  {
    ...WEB.spec,
    ports: [{ port: 443 }, { port: 80, nodePort: 30080 }],
  },
);
test(
  '$patch: replace replaces the selector',
  strategic,
  { selector: { $patch: 'replace', app: 'new' } },
  {
    ...WEB.spec,
    selector: { app: 'new' },
  },
);
test(
  '$patch: replace in a list replaces the list',
  strategic,
  { ports: [{ $patch: 'replace' }, { port: 1 }] },
  {
    ...WEB.spec,
    ports: [{ port: 1 }],
  },
);

test('containers merge by name, finalizers as a set', (t) => {
  const pod = {
    metadata: { finalizers: ['a'] },
    spec: { containers: [{ name: 'c', image: 'old', env: [{ name: 'X', value: '1' }] }] },
  };
  const patch = { metadata: { finalizers: ['b'] }, spec: { containers: [{ name: 'c', image: 'new' }] } };
  t.deepEqual(strategicMerge(POD, pod, patch), {
    metadata: { finalizers: ['a', 'b'] },
    spec: { containers: [{ name: 'c', image: 'new', env: [{ name: 'X', value: '1' }] }] },
  });
  const removal = { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } };
  t.deepEqual(strategicMerge(POD, pod, removal)['metadata'], { finalizers: [] });
});

test('an element without its merge key is refused', (t) => {
  t.throws(() => strategicMerge(SERVICE, WEB, { spec: { ports: [{ name: 'x' }] } }), {
    message: /declared merge key: port/,
  });
});

const IDENTITY = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' } };

function apply(
  live: KubeObject | undefined,
  manager: string,
  spec: JsonObject,
  isForced = false,
): KubeObject {
  const applied = { ...IDENTITY, spec };
  const result = serverSideApply(SERVICE, live, {
    manager,
    applied,
    isForced,
    time: '2026-01-01T00:00:00Z',
    subresource: undefined,
  });
  return result as KubeObject;
}

test('server-side apply: what a manager no longer applies goes, what others applied stays', (t) => {
  const first = apply(undefined, 'a', { type: 'NodePort', ports: [{ port: 80, name: 'http' }] });
  const both = apply(first, 'b', { selector: { app: 'web' }, ports: [{ port: 443, name: 'https' }] });
  const less = apply(both, 'a', { ports: [{ port: 80, name: 'http' }] });
  t.deepEqual(less['spec'], {
    ports: [
      { port: 80, name: 'http' },
      { port: 443, name: 'https' },
    ],
    selector: { app: 'web' },
  });
  t.deepEqual(apply(less, 'a', { selector: { app: 'web' } })['spec'], {
    ports: [{ port: 443, name: 'https' }],
    selector: { app: 'web' },
  });
});

test('server-side apply: another value for a field of another manager is a conflict, unless forced', (t) => {
  const first = apply(undefined, 'a', { ports: [{ port: 80, targetPort: 1 }] });
  const error = t.throws(() => apply(first, 'b', { ports: [{ port: 80, targetPort: 2 }] }));
  t.is(
    error?.message,
    'Apply failed with 1 conflict: conflict with "a": .spec.ports[port=80,protocol="TCP"].targetPort',
  );
  const forced = apply(first, 'b', { ports: [{ port: 80, targetPort: 2 }] }, true);
  t.deepEqual(forced['spec'], { ports: [{ port: 80, targetPort: 2 }] });
  t.notThrows(() => apply(forced, 'b', { ports: [{ port: 80, targetPort: 3 }] }));
});
