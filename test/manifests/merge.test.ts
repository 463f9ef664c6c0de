import test from 'ava';
import { type ManifestFile, readManifest } from '../../src/manifests/manifest-file.ts';
import { eventsBetween, mergeManifests, type ObjectsByKey } from '../../src/manifests/merge.ts';
import { describeProblem } from '../../src/manifests/problem.ts';
import { ProblemLog } from '../../src/manifests/problem-log.ts';
import { documents, service } from './yaml.ts';

function objectsOf(...files: readonly ManifestFile[]): ObjectsByKey {
  return mergeManifests(files).objects;
}

function shown(before: ObjectsByKey, after: ObjectsByKey): readonly string[] {
  return eventsBetween(before, after).map((event) =>
    event.type === 'put'
      ? `put ${event.object.name}`
      : `delete ${event.kind} ${event.namespace}/${event.name}`,
  );
}

const A = readManifest('a.yaml', documents(service('web', 1), service('cart')));
const B = readManifest('b.yaml', documents(service('web', 2), service('pay')));

test('of two files with one object the first by name wins, whatever their order', (t) => {
  for (const files of [
    [A, B],
    [B, A],
  ]) {
    const { objects, problems } = mergeManifests(files);
    t.deepEqual([...objects.keys()], ['Service/shop/web', 'Service/shop/cart', 'Service/shop/pay']);
    t.like(objects.get('Service/shop/web'), { ports: [{ port: 1 }] });
    t.deepEqual(problems.map(describeProblem), [
      'b.yaml:1: Service shop/web: is in a.yaml too, which comes first by name; the one in b.yaml is not used',
    ]);
  }
});

test('when the first goes, the second takes over', (t) => {
  t.deepEqual(shown(objectsOf(A, B), objectsOf(B)), ['delete Service shop/cart', 'put web']);
});

test('taking over the same object is no event', (t) => {
  const copy = readManifest('c.yaml', documents(service('web', 1), service('cart')));
  t.deepEqual(shown(objectsOf(A, copy), objectsOf(copy)), []);
});

test('from and to nothing', (t) => {
  t.deepEqual(shown(objectsOf(), objectsOf(A)), ['put web', 'put cart']);
  t.deepEqual(shown(objectsOf(A), objectsOf()), ['delete Service shop/web', 'delete Service shop/cart']);
});

test('a deleted Node has no namespace', (t) => {
  const node = readManifest('n.yaml', 'apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n');
  t.deepEqual(eventsBetween(objectsOf(node), objectsOf()), [
    { type: 'delete', kind: 'Node', namespace: '', name: 'node-1' },
  ]);
});

test('a problem is news once, also when its line changes; health is news too', (t) => {
  const log = new ProblemLog();
  const broken = readManifest('a.yaml', service('web', 0)).problems;
  const moved = readManifest('a.yaml', `# a line more\n${service('web', 0)}`).problems;
  const other = readManifest('b.yaml', service('web', 0)).problems;
  t.deepEqual(log.update(broken), { appeared: broken, healthy: [] });
  t.deepEqual(log.update(broken), { appeared: [], healthy: [] });
  t.deepEqual(log.update([...moved, ...other]), { appeared: other, healthy: [] });
  t.deepEqual(log.update(other), { appeared: [], healthy: ['a.yaml'] });
  t.deepEqual(log.update([]), { appeared: [], healthy: ['b.yaml'] });
  t.deepEqual(log.update(broken), { appeared: broken, healthy: [] });
});
