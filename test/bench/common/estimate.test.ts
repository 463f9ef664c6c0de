import test from 'ava';
import { estimateMedian, estimatePercentile, estimateRatio } from '../../../src/bench/common/estimate.ts';
import { seededRandom } from '../../../src/bench/common/random.ts';
import { percentile } from '../../../src/bench/common/statistics.ts';

const random = seededRandom(7);

/** Uniform between 0 and 1. */
const uniform = (): number => random(2 ** 32) / 2 ** 32;

const samplesOf = (length: number, draw = uniform): number[] => Array.from({ length }, draw);

test('samples that are all the same leave no doubt', (t) => {
  t.deepEqual(estimateMedian([3, 3, 3]), { value: 3, low: 3, high: 3 });
  t.deepEqual(estimateRatio([6, 6], [3]), { value: 2, low: 2, high: 2 });
});

test('there is no estimate of nothing', (t) => {
  t.throws(() => estimateMedian([]), { instanceOf: RangeError });
  t.throws(() => estimateRatio([1], []), { instanceOf: RangeError });
});

test('the same samples give the same interval', (t) => {
  const samples = samplesOf(100);
  t.deepEqual(estimateMedian(samples), estimateMedian(samples.toReversed()));
});

/** How many of 400 intervals hold the truth. */
function hits(estimate: () => { low: number; high: number }, truth: number): number {
  return samplesOf(400).filter(() => {
    const { low, high } = estimate();
    return low <= truth && truth <= high;
  }).length;
}

/** 95 % of 400 are 380; with a chance of one in a million fewer than 358 or more than 398 (the seed is fixed anyway). */
function holdsAsOftenAsItSays(count: number): boolean {
  return count >= 358 && count <= 398;
}

test('19 of 20 intervals of a median hold the true median', (t) => {
  t.true(holdsAsOftenAsItSays(hits(() => estimateMedian(samplesOf(301)), 0.5)));
});

test('19 of 20 intervals of p99 hold the true one', (t) => {
  t.true(holdsAsOftenAsItSays(hits(() => estimatePercentile(samplesOf(2000), 99), 0.99)));
});

test('19 of 20 intervals of a ratio hold the true one', (t) => {
  const tripled = (): number => 3 * (1 + uniform());
  const single = (): number => 1 + uniform();
  t.true(holdsAsOftenAsItSays(hits(() => estimateRatio(samplesOf(200, tripled), samplesOf(200, single)), 3)));
});

test('it agrees with a bootstrap that makes each resample', (t) => {
  const sorted = Float64Array.from(samplesOf(500)).sort();
  const medians = samplesOf(2000, () => {
    const resample = Float64Array.from(sorted, () => sorted[random(500)] ?? Number.NaN).sort();
    return percentile(resample, 50);
  });
  const plain = Float64Array.from(medians).sort();
  const { low, high } = estimateMedian([...sorted]);
  t.true(Math.abs(low - percentile(plain, 2.5)) < 0.01, `${low} ${percentile(plain, 2.5)}`);
  t.true(Math.abs(high - percentile(plain, 97.5)) < 0.01, `${high} ${percentile(plain, 97.5)}`);
});
