import test from 'ava';
import { retryAfterOf } from '../../../src/kubernetes/http/retry-after.ts';

test('seconds, dates and nonsense', (t) => {
  const now = Date.parse('2026-11-23T00:00:00Z');
  t.is(retryAfterOf('7', now), 7000);
  t.is(retryAfterOf('Mon, 23 Nov 2026 00:00:30 GMT', now), 30_000);
  t.is(retryAfterOf('Mon, 23 Nov 2026 00:00:00 GMT', now + 1000), undefined);
  t.is(retryAfterOf('soon', now), undefined);
  t.is(retryAfterOf(undefined, now), undefined);
  t.is(retryAfterOf('99999999', now), 300_000);
});
