import test from 'ava';
import { distributionOf, median, percentile } from '../../../src/bench/common/statistics.ts';

const percentiles = test.macro((t, sorted: readonly number[], percent: number, expected: number) => {
  t.is(percentile(sorted, percent), expected);
});

const ONE_TO_HUNDRED = Array.from({ length: 100 }, (_, index) => index + 1);

test('the middle of an odd number of samples', percentiles, [1, 2, 9], 50, 2);
test('the lower middle of an even number', percentiles, [1, 2, 3, 9], 50, 2);
test('p99 of a hundred leaves one above', percentiles, ONE_TO_HUNDRED, 99, 99);
test('p99 of few is the largest', percentiles, [1, 2, 3], 99, 3);
test('p100 is the largest', percentiles, ONE_TO_HUNDRED, 100, 100);
test('p0 is the smallest', percentiles, ONE_TO_HUNDRED, 0, 1);
test('a single sample is every percentile', percentiles, [7], 1, 7);

test('there is no percentile of nothing', (t) => {
  t.throws(() => percentile([], 50), { instanceOf: RangeError });
});

test('the median does not need order', (t) => {
  t.is(median([30, 1, 200]), 30);
});

test('a distribution is in numerical order and rounded to tenths', (t) => {
  t.deepEqual(distributionOf([100.06, 9.44, 20]), {
    n: 3,
    p50_us: 20,
    p90_us: 100.1,
    p99_us: 100.1,
    p999_us: 100.1,
    max_us: 100.1,
  });
});

test('a distribution leaves its samples as they are', (t) => {
  const samples = [3, 1, 2];
  distributionOf(samples);
  t.deepEqual(samples, [3, 1, 2]);
});
