import test from 'ava';
import { quantilesOf } from '../../../src/bench/report/quantiles.ts';

test('a percentile is told only if a sample lies above it', (t) => {
  const samples = Array.from({ length: 100 }, (_, index) => index + 1);
  const quantiles = quantilesOf(samples);
  t.deepEqual(quantiles.at(-2), { percent: 99, value: 99 });
  t.deepEqual(quantiles.at(-1), { percent: 100, value: 100 });
  t.deepEqual(
    quantiles.find((it) => it.percent === 50),
    { percent: 50, value: 50 },
  );
});

test('of a single sample there is the smallest and the largest', (t) => {
  t.deepEqual(quantilesOf([7]), [
    { percent: 0, value: 7 },
    { percent: 100, value: 7 },
  ]);
});
