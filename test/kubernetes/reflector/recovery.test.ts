import test, { type ExecutionContext } from 'ava';
import { ApiError } from '../../../src/kubernetes/http/api-error.ts';
import { type Phase, type Recovery, recoveryOf } from '../../../src/kubernetes/reflector/recovery.ts';

function recovers(
  t: ExecutionContext,
  code: number,
  expected: Partial<Record<Phase, Recovery>>,
  causes: string[] = [],
): void {
  for (const [phase, recovery] of Object.entries(expected)) {
    const error = new ApiError({ code, reason: '', message: '', causes, retryAfterSeconds: undefined });
    t.is(recoveryOf(error, phase as Phase), recovery, phase);
  }
}

const AGAIN = { 'streaming-list': 'again', list: 'again', 'next-page': 'again', watch: 'again' } as const;
const NEWEST = { list: 'list-newest', 'next-page': 'list-newest', watch: 'list-newest' } as const;

test('400', recovers, 400, { 'streaming-list': 'list-in-pages', ...NEWEST, events: 'list' });
test('401', recovers, 401, { ...AGAIN, events: 'list' });
test('403', recovers, 403, { ...AGAIN, events: 'list' });
test('404', recovers, 404, {
  'streaming-list': 'missing',
  list: 'missing',
  watch: 'missing',
  events: 'list',
});
test('410', recovers, 410, {
  'streaming-list': 'list-newest',
  list: 'list-newest',
  'next-page': 'list-whole',
  watch: 'list',
  events: 'list',
});
test('422', recovers, 422, { 'streaming-list': 'list-in-pages', ...NEWEST, events: 'list' });
test('429', recovers, 429, { ...AGAIN, events: 'again' });
test('500', recovers, 500, { ...AGAIN, events: 'again-then-list' });
test('503', recovers, 503, { ...AGAIN, events: 'again-then-list' });
test(
  '504, the version is too large',
  recovers,
  504,
  { 'streaming-list': 'list-newest', list: 'list-newest', watch: 'list-newest', events: 'list-newest' },
  ['ResourceVersionTooLarge'],
);

test('a connection that fails', (t) => {
  t.is(recoveryOf(new Error('ECONNRESET'), 'watch'), 'again');
});
