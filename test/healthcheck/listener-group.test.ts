import type { Server } from 'node:http';
import test from 'ava';
import type { Listen } from '../../src/healthcheck/listen.ts';
import { ListenerGroup } from '../../src/healthcheck/listener-group.ts';

/** A group whose servers open when the test says so; what it holds open, and what it told. */
function start() {
  const open = new Set<string>();
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  const failures: string[] = [];
  const listen: Listen = async (server: Server, address, port) => {
    const name = `${address}:${port}`;
    const opening = Promise.withResolvers<void>();
    waiting.set(name, opening);
    await opening.promise;
    open.add(name);
    server.close = (): Server => {
      open.delete(name);
      return server;
    };
  };
  const group = new ListenerGroup({
    answer: () => {},
    listen,
    onFailure: (target, address) => failures.push(`${address}:${target.port}`),
  });
  return { group, open, waiting, failures };
}

/** Lets everything go on that waits for nothing but its turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('HC-07 a target that changes while listeners open: the last one counts', async (t) => {
  const { group, open, waiting } = start();
  group.set({ port: 1, addresses: ['a'] });
  await turn();
  group.set({ port: 2, addresses: ['a'] });
  waiting.get('a:1')?.resolve();
  await turn();
  t.deepEqual([...open], [], 'the old one is closed as soon as it is open');
  waiting.get('a:2')?.resolve();
  await group.settled();
  t.deepEqual([...open], ['a:2']);
  t.true(group.isComplete);
});

test('HC-07 a group that is closed while a listener opens', async (t) => {
  const { group, open, waiting } = start();
  group.set({ port: 1, addresses: ['a', 'b'] });
  await turn();
  group.set(undefined);
  waiting.get('a:1')?.resolve();
  await group.settled();
  t.deepEqual([...open], []);
  t.false(waiting.has('b:1'));
});

test('HC-06 the second address fails: the first is closed, and both are tried again', async (t) => {
  const { group, open, waiting, failures } = start();
  const target = { port: 1, addresses: ['a', 'b'] };
  group.set(target);
  await turn();
  waiting.get('a:1')?.resolve();
  await turn();
  waiting.get('b:1')?.reject(new Error('on purpose'));
  await group.settled();
  t.deepEqual([...open], []);
  t.deepEqual(failures, ['b:1']);
  t.false(group.isComplete);

  group.set(target);
  await turn();
  waiting.get('a:1')?.resolve();
  await turn();
  waiting.get('b:1')?.resolve();
  await group.settled();
  t.deepEqual([...open], ['a:1', 'b:1']);
  t.true(group.isComplete);
});

test('HC-05 an address that comes leaves the others open', async (t) => {
  const { group, open, waiting } = start();
  group.set({ port: 1, addresses: ['a'] });
  await turn();
  waiting.get('a:1')?.resolve();
  await group.settled();
  waiting.clear();
  group.set({ port: 1, addresses: ['a', 'b'] });
  await turn();
  t.deepEqual([...waiting.keys()], ['b:1']);
  t.deepEqual([...open], ['a:1']);
  waiting.get('b:1')?.resolve();
  await group.settled();
  t.deepEqual([...open], ['a:1', 'b:1']);
});
