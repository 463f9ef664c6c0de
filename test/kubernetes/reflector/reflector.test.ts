/** A reflector against a script: what it asks for, and what it makes of the answers. */
import test from 'ava';
import { ApiError } from '../../../src/kubernetes/http/api-error.ts';
import { BROKEN, bad, bookmark, good, play, put, refusal, remove } from './scripted.ts';

test('a streaming list that breaks off gives nothing; the next is all', async (t) => {
  const { asked, events, syncedAfter } = await play(t, [
    [put(good('a'), '3'), put(good('b'), '2'), BROKEN],
    [put(good('b'), '2'), bookmark('7', true), put(good('c'), '8'), BROKEN],
  ]);
  t.deepEqual(asked, ['stream', 'stream', 'watch 8']);
  t.deepEqual(events, ['put b', 'put c']);
  t.deepEqual(syncedAfter, [2]);
});

test('a list in pages that breaks off gives nothing', async (t) => {
  const { asked, events, syncedAfter } = await play(t, [
    refusal(422),
    { items: [good('a')], continueToken: 'x' },
    BROKEN,
    { items: [good('b')], continueToken: 'y' },
    { items: [good('c')], resourceVersion: '9' },
  ]);
  t.deepEqual(asked, [
    'stream',
    'list ?limit=500&resourceVersion=0',
    'list ?limit=500&continue=x',
    'list ?limit=500&resourceVersion=0',
    'list ?limit=500&continue=y',
    'watch 9',
  ]);
  t.deepEqual(events, ['put b', 'put c']);
  t.deepEqual(syncedAfter, [5]);
});

test('a token of a page that expires', async (t) => {
  const { asked } = await play(t, [
    refusal(400),
    { continueToken: 'x' },
    refusal(410),
    { resourceVersion: '9' },
  ]);
  t.deepEqual(asked.slice(2), ['list ?limit=500&continue=x', 'list ?', 'watch 9']);
});

test('410 leads to a list, of which only the differences are told', async (t) => {
  const { asked, events } = await play(t, [
    [put(good('a')), put(good('b')), put(good('c')), bookmark('7', true), bookmark('8'), BROKEN],
    refusal(410),
    [put(good('a')), put(good('b', '10.1.0.0/16')), bookmark('11', true)],
  ]);
  t.deepEqual(asked, ['stream', 'watch 8', 'stream 8']);
  t.deepEqual(events, ['put a', 'put b', 'put c', 'delete c', 'put b']);
});

test('a version that is too large is dropped', async (t) => {
  const { asked } = await play(t, [
    [bookmark('7', true), BROKEN],
    refusal(504, 'ResourceVersionTooLarge'),
    [bookmark('2', true)],
  ]);
  t.deepEqual(asked, ['stream', 'watch 7', 'stream']);
});

test('a version that goes back', async (t) => {
  const { asked, events } = await play(t, [
    [bookmark('10', true), put(good('a'), '9')],
    [bookmark('3', true)],
  ]);
  t.deepEqual(asked, ['stream', 'stream 10']);
  t.deepEqual(events, []);
});

test('an object that cannot be read keeps its last good version, and is one problem', async (t) => {
  const { asked, events, problems } = await play(t, [
    [
      put(good('a')),
      put(bad('b')),
      bookmark('7', true),
      put(bad('a'), '8'),
      put(bad('a'), '9'),
      put(good('c'), '10'),
      BROKEN,
    ],
    refusal(410),
    [
      put(bad('a')),
      put(good('c')),
      bookmark('11', true),
      put(good('a'), '12'),
      put(bad('a'), '13'),
      remove(bad('a'), '14'),
    ],
  ]);
  t.deepEqual(asked, ['stream', 'watch 10', 'stream 10']);
  t.deepEqual(events, ['put a', 'put c', 'put a', 'delete a']);
  t.deepEqual(
    problems.filter((it) => it.includes('odd')),
    ['ServiceCIDR b: spec: is odd', 'ServiceCIDR a: spec: is odd', 'ServiceCIDR a: spec: is odd'],
  );
});

test('a change of an object that nobody can name leads to a list', async (t) => {
  const { asked, events, problems } = await play(t, [
    [put(good('a')), bookmark('7', true), put(bad(), '8')],
    [put(bad()), bookmark('8', true)],
  ]);
  t.deepEqual(asked, ['stream', 'stream 7']);
  t.deepEqual(events, ['put a']);
  t.is(problems[0], 'ServiceCIDR: an object without a name: spec: is odd');
});

test('deleting what is not known is nothing', async (t) => {
  const { events } = await play(t, [[bookmark('7', true), remove(good('a'), '8')]]);
  t.deepEqual(events, []);
});

test('a resource that the server does not have', async (t) => {
  const { asked, problems, syncedAfter } = await play(t, [refusal(404)], true);
  t.deepEqual([asked, problems, syncedAfter], [['stream'], [], [1]]);
});

test('a resource that must be there and is not', async (t) => {
  const { asked, problems, syncedAfter } = await play(t, [refusal(404), [bookmark('7', true)]]);
  t.deepEqual([asked, problems, syncedAfter], [['stream', 'stream'], ['ServiceCIDR: 404'], [2]]);
});

test('an optional resource that is forbidden does not hold up the start', async (t) => {
  const { problems, syncedAfter } = await play(
    t,
    [refusal(403), refusal(403), [put(good('a')), bookmark('7', true)]],
    true,
  );
  t.deepEqual([problems, syncedAfter], [['ServiceCIDR: 403'], [1]]);
});

test('Retry-After is honoured', async (t) => {
  const { asked } = await play(t, [new ApiError(refusal(429).status, 1000)]);
  t.deepEqual(asked, ['stream']);
});
