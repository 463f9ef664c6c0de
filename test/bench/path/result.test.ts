import test from 'ava';
import type { Question, Series } from '../../../src/bench/path/measure.ts';
import { distributionsOf, resultsOf } from '../../../src/bench/path/result.ts';

const QUESTION: Question = { services: 30, endpoints: 3, origin: 'pod', measure: 'connect' };

const DIRECT = { path: 'direct', backend: null } as const;
const CONNTRACK = { path: 'conntrack', backend: null } as const;
const SERVICE = { path: 'service', backend: 'nftables' } as const;

/** Blocks of latencies that are all alike, in microseconds. */
function series(route: Series['route'], target: Series['target'], microseconds: readonly number[]): Series {
  return { route, target, blocks: microseconds.map((it) => [it * 1000, it * 1000, it * 1000]) };
}

const results = resultsOf(QUESTION, [
  series(DIRECT, 'first', [10, 100, 20]),
  series(DIRECT, 'last', [10, 100, 20]),
  series(CONNTRACK, 'first', [11, 110, 22]),
  series(CONNTRACK, 'last', [11, 110, 22]),
  series(SERVICE, 'first', [12, 120, 24]),
  series(SERVICE, 'last', [24, 240, 48]),
]);

function find(route: Series['route'], target: Series['target']) {
  const found = results.find(
    (it) => it.path === route.path && it.target === target && it.figure === 'p50_us',
  );
  if (found === undefined) throw new Error('there is no such result');
  return found;
}

test('a value is the median of blocks', (t) => {
  t.is(find(SERVICE, 'first').value.value, 24);
  t.is(find(SERVICE, 'first').blocks, 3);
});

test('ratios are those of blocks of the same round: noise that hits a round does not count', (t) => {
  const exactly = (value: number) => ({ value, low: value, high: value });
  t.deepEqual(find(SERVICE, 'first').to_direct, exactly(1.2));
  t.deepEqual(find(SERVICE, 'last').to_direct, exactly(2.4));
  t.deepEqual(find(SERVICE, 'last').to_first, exactly(2));
  t.is(find(SERVICE, 'last').to_conntrack.value.toFixed(6), (24 / 11).toFixed(6));
  t.is(find(SERVICE, 'first').over_direct.value, 4);
  t.deepEqual(find(DIRECT, 'first').to_direct, exactly(1));
});

test('the first has no ratio to the first', (t) => {
  t.is(find(SERVICE, 'first').to_first, null);
});

test('latencies have a p50 and a p99, rates are of the time that they took', (t) => {
  t.is(results.length, 12);
  const rates = resultsOf({ ...QUESTION, measure: 'throughput' }, [
    { route: DIRECT, target: 'random', blocks: [[125, 1]] },
    { route: CONNTRACK, target: 'random', blocks: [[250, 1]] },
  ]);
  t.deepEqual(
    rates.map(({ figure, value, to_direct }) => [figure, value.value, to_direct.value]),
    [
      ['gbit_per_s', 1000, 1],
      ['gbit_per_s', 2000, 2],
    ],
  );
});

test('distributions are of all samples', (t) => {
  const [found] = distributionsOf(QUESTION, [series(DIRECT, 'first', [10, 100, 20])]);
  t.is(found?.samples, 9);
  t.is(found?.quantiles_us.at(-1)?.value, 100);
  t.deepEqual(distributionsOf({ ...QUESTION, measure: 'requests' }, []), []);
});
