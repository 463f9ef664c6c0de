import test, { type ExecutionContext } from 'ava';
import { type Fault, untyped } from './untyped.ts';

const badOptions = test.macro({
  title: (given = '', name: Fault, message: string) => `options ${given}: ${name}: ${message}`,
  exec: (t: ExecutionContext, name: Fault, message: string, options: unknown) => {
    t.throws(() => new untyped.NftablesTable(options), { name, message });
  },
});

const set = { name: 's', key: ['ipv4'], data: [] };
const options = { family: 'IPv4', table: 'nodeplane', sets: [set] };
const withSet = (changes: object) => ({ ...options, sets: [set, set, { ...set, ...changes }] });

test('undefined', badOptions, 'TypeError', 'options: must be an object', undefined);
test('null', badOptions, 'TypeError', 'options: must be an object', null);
test(badOptions, 'TypeError', 'options.family: must be a string', {});
test(badOptions, 'RangeError', 'options.family: must be "IPv4" or "IPv6", not "inet"', {
  ...options,
  family: 'inet',
});
test(badOptions, 'TypeError', 'options.table: must be a string', { ...options, table: 7 });
test('empty', badOptions, 'RangeError', 'options.table: must have 1 to 255 bytes', { ...options, table: '' });
test(badOptions, 'RangeError', 'options.table: must have 1 to 255 bytes', {
  ...options,
  table: 'x'.repeat(256),
});
test(badOptions, 'RangeError', 'options.table: must not contain a NUL character', {
  ...options,
  table: 'a\0b',
});
test(badOptions, 'TypeError', 'options.sets: must be an array', { ...options, sets: undefined });
test(badOptions, 'RangeError', 'options.sets: must have at most 65536 entries', {
  ...options,
  sets: new Array(4e9),
});
test(badOptions, 'TypeError', 'options.sets[0]: must be an object', { ...options, sets: [7] });
test(badOptions, 'TypeError', 'options.sets[2].name: must be a string', withSet({ name: Symbol('s') }));
test(badOptions, 'TypeError', 'options.sets[2].key: must be an array', withSet({ key: 'ipv4' }));
test(badOptions, 'RangeError', 'options.sets[2].key: must have at least one field', withSet({ key: [] }));
test(badOptions, 'TypeError', 'options.sets[2].key[1]: must be a string', withSet({ key: ['ipv4', 4] }));
test(
  badOptions,
  'RangeError',
  'options.sets[2].data[0]: "mark" is not a field type (ipv4, ipv6, protocol, port, index)',
  withSet({ data: ['mark'] }),
);
test(
  badOptions,
  'RangeError',
  'options.sets[2].key: takes 68 bytes, but nf_tables has room for 64',
  withSet({ key: ['ipv6', 'ipv6', 'ipv6', 'ipv6', 'port'] }),
);
test(
  badOptions,
  'RangeError',
  'options.sets[2].key: must have at most 16 entries',
  withSet({ key: new Array(17).fill('port') }),
);
test(badOptions, 'TypeError', 'options.sets[2].data: must be an array', withSet({ data: undefined }));
test(badOptions, 'TypeError', 'options.namespace: must be a string', { ...options, namespace: 7 });
test(badOptions, 'RangeError', 'options.namespace: must not be empty', { ...options, namespace: '' });

test('an error that an option throws is passed on', (t) => {
  const thrown = new Error('mine');
  const throwing = {
    get family() {
      throw thrown;
    },
  };
  t.is(
    t.throws(() => new untyped.NftablesTable(throwing)),
    thrown,
  );
});

const badMonitor = test.macro({
  title: (_, name: Fault, message: string, ..._args: unknown[]) => `monitor: ${name}: ${message}`,
  exec: (t: ExecutionContext, name: Fault, message: string, ...args: unknown[]) => {
    t.throws(() => new untyped.NftablesMonitor(...args), { name, message });
  },
});

test(badMonitor, 'TypeError', 'options: must be an object');
test(badMonitor, 'TypeError', 'onEvent: must be a function', {});
test(badMonitor, 'TypeError', 'options.ignorePorts: must be an array', { ignorePorts: 7 }, () => {});
test(
  badMonitor,
  'TypeError',
  'options.ignorePorts[1]: must be a number',
  { ignorePorts: [1, '2'] },
  () => {},
);
test(
  badMonitor,
  'RangeError',
  'options.ignorePorts[0]: must be a whole number from 0 to 4294967295',
  { ignorePorts: [1.5] },
  () => {},
);
test(
  badMonitor,
  'RangeError',
  'options.ignorePorts: must have at most 200 entries',
  { ignorePorts: new Array(201).fill(1) },
  () => {},
);

test('classes are called with new', (t) => {
  for (const name of ['NftablesTable', 'NftablesMonitor'] as const) {
    t.throws(() => Reflect.apply(untyped[name], undefined, [{}]), { name: 'TypeError' });
  }
});
