import test from 'ava';
import { nameAndFlags } from '../../../src/cli/bench/bench.ts';

const read = test.macro((t, line: string, expected: readonly string[]) => {
  t.deepEqual(nameAndFlags(line.split(' ').filter(Boolean)), expected);
});

test('nothing is all', read, '', ['all']);
test('flags alone are those of all', read, '--json', ['all', '--json']);
test('a folder alone is that of all', read, '--report out', ['all', '--report', 'out']);
test('a folder and a flag', read, '--report out --json', ['all', '--report', 'out', '--json']);
test('a name comes first', read, 'update --changes 3', ['update', '--changes', '3']);
test('a folder before the name, and a later one after it', read, '--report a update --report b', [
  'update',
  '--report',
  'a',
  '--report',
  'b',
]);
