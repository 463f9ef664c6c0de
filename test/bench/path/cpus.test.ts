import test from 'ava';
import { parseCpuList } from '../../../src/bench/path/cpus.ts';

test('lists of CPUs are read as cpuset(7) writes them', (t) => {
  t.deepEqual(parseCpuList('0'), [0]);
  t.deepEqual(parseCpuList('0-3'), [0, 1, 2, 3]);
  t.deepEqual(parseCpuList('1,4-5,9'), [1, 4, 5, 9]);
});
