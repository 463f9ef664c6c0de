import test from 'ava';
import { TimeLeft } from '../../../src/bench/path/time-left.ts';

test('the rest takes as much longer than planned as what was done', (t) => {
  let now = 0;
  const left = new TimeLeft([10_000, 50_000], () => now);
  t.is(left.text(0), '60 s');
  now = 15_000;
  t.is(left.text(1), '80 s');
  left.done();
  t.is(left.text(0), '80 s');
  now = 100_000;
  t.is(left.text(0.5), '80 s');
});

test('a long time is told in minutes', (t) => {
  t.is(new TimeLeft([600_000], () => 0).text(0), '10 min');
});
