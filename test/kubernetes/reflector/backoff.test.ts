import test from 'ava';
import { Backoff } from '../../../src/kubernetes/reflector/backoff.ts';

const TIMINGS = { firstBackoff: 800, longestBackoff: 30_000, calm: 120_000 };

test('waits double up to the longest', (t) => {
  const backoff = new Backoff(TIMINGS, () => 0);
  let now = 0;
  const waits = Array.from({ length: 8 }, () => {
    const wait = backoff.next(now);
    now += wait;
    return wait;
  });
  t.deepEqual(waits, [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
});

test('up to 100 % on top', (t) => {
  t.is(new Backoff(TIMINGS, () => 0.5).next(0), 1200);
});

test('from the start again after some calm', (t) => {
  const backoff = new Backoff(TIMINGS, () => 0);
  backoff.next(0);
  t.is(backoff.next(800 + 120_000), 1600);
  t.is(backoff.next(800 + 120_000 + 1600 + 120_001), 800);
});
