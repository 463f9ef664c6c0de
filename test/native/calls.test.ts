import test, { type ExecutionContext } from 'ava';
import type { NftablesTable } from '../../src/native/addon.ts';
import { privateNamespace } from '../helpers/netns.ts';
import { openTable } from './table.ts';
import { type Fault, untyped } from './untyped.ts';

const badCall = test.macro({
  title: (_, name: Fault, message: string) => `${name}: ${message}`,
  exec: async (
    t: ExecutionContext,
    name: Fault,
    message: string,
    method: 'read' | 'runScript',
    argument: unknown,
  ) => {
    const { table } = await openTable(t);
    const call = table[method].bind(table) as (argument: unknown) => Promise<unknown>;
    await t.throwsAsync(call(argument), { name, message });
  },
});

test(badCall, 'TypeError', 'set: must be a number', 'read', 'slots');
test(badCall, 'RangeError', 'set: must be a whole number from 0 to 4294967295', 'read', -1);
test(badCall, 'RangeError', 'set: there is no set 6, the table has 6', 'read', 6);
test(badCall, 'TypeError', 'script: must be a string', 'runScript', undefined);
test(badCall, 'RangeError', 'script: must not contain a NUL character', 'runScript', 'list\0tables');

test('methods on a wrong receiver', async (t) => {
  const { table } = await openTable(t);
  const monitor = new untyped.NftablesMonitor({ namespace: await privateNamespace(t) }, () => {});
  const methods: readonly (keyof NftablesTable)[] = [
    'commit',
    'commitInBackground',
    'runScript',
    'read',
    'exists',
    'drop',
    'close',
  ];
  for (const receiver of [undefined, null, 7, {}, monitor, Object.create(table)]) {
    for (const name of methods) {
      t.throws(() => Reflect.apply(table[name] as () => unknown, receiver, []), { instanceOf: Error }, name);
    }
  }
  Reflect.apply(Reflect.get(monitor, 'close'), monitor, []);
});

test('port ids cannot be changed', async (t) => {
  const { table } = await openTable(t);
  t.is(table.portIds.length, 3);
  t.true(Object.isFrozen(table.portIds));
  t.throws(() => Object.assign(table, { portIds: [] }));
});
