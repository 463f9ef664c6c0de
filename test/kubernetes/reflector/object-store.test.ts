import test from 'ava';
import type { ApiObject } from '../../../src/api/objects.ts';
import { ObjectStore } from '../../../src/kubernetes/reflector/object-store.ts';
import { Snapshot } from '../../../src/kubernetes/reflector/snapshot.ts';

function cidr(name: string, range = '10.0.0.0/8'): ApiObject {
  return { kind: 'ServiceCIDR', name, cidrs: [range] };
}

function identity(name: string) {
  return { kind: 'ServiceCIDR', namespace: '', name } as const;
}

function storeOf(...objects: ApiObject[]): ObjectStore {
  const store = new ObjectStore();
  for (const object of objects) store.put(object);
  return store;
}

function snapshotOf(...objects: ApiObject[]): Snapshot {
  const snapshot = new Snapshot();
  for (const object of objects) snapshot.put(object);
  return snapshot;
}

test('a list gives differences only', (t) => {
  const store = storeOf(cidr('same'), cidr('changed'), cidr('gone'));
  const events = store.replace(snapshotOf(cidr('same'), cidr('changed', '10.1.0.0/16'), cidr('new')));
  t.deepEqual(events, [
    { type: 'delete', ...identity('gone') },
    { type: 'put', object: cidr('changed', '10.1.0.0/16') },
    { type: 'put', object: cidr('new') },
  ]);
  t.is(store.puts().length, 3);
});

test('what cannot be read in a list stays as it was', (t) => {
  const store = storeOf(cidr('broken'), cidr('gone'));
  const snapshot = snapshotOf();
  snapshot.putUnreadable(identity('broken'));
  t.deepEqual(store.replace(snapshot), [{ type: 'delete', ...identity('gone') }]);
  t.deepEqual(store.puts(), [{ type: 'put', object: cidr('broken') }]);
});

test('a list with an object that nobody can name deletes nothing', (t) => {
  const store = storeOf(cidr('a'), cidr('b'));
  const snapshot = snapshotOf(cidr('c'));
  snapshot.putUnreadable(undefined);
  t.deepEqual(store.replace(snapshot), [{ type: 'put', object: cidr('c') }]);
  t.is(store.puts().length, 3);
});

test('an object that becomes unreadable while the list comes in, and readable again', (t) => {
  const store = storeOf(cidr('a'));
  const snapshot = snapshotOf(cidr('a', '10.1.0.0/16'));
  snapshot.putUnreadable(identity('a'));
  t.deepEqual(store.replace(snapshot), []);
  const again = snapshotOf();
  again.putUnreadable(identity('a'));
  again.put(cidr('a', '10.2.0.0/16'));
  again.delete(identity('a'));
  t.deepEqual(store.replace(again), [{ type: 'delete', ...identity('a') }]);
});

test('deleting what is not there is nothing', (t) => {
  t.deepEqual(storeOf().delete(identity('a')), []);
});
