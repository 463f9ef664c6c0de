import test from 'ava';
import { ListPlan } from '../../../src/kubernetes/reflector/list-plan.ts';

const TIMINGS = { betweenLists: 30_000, internalErrors: 60_000 };

function listedPlan(): ListPlan {
  const plan = new ListPlan(TIMINGS);
  plan.listed('7', 0);
  return plan;
}

test('the first list is what the cache of the server has', (t) => {
  const plan = new ListPlan(TIMINGS);
  t.true(plan.mustList);
  t.deepEqual(plan.listQuery(), { limit: '500', resourceVersion: '0' });
});

test('after a list, a watch from its version', (t) => {
  const plan = listedPlan();
  t.false(plan.mustList);
  plan.advanced('8');
  plan.advanced(undefined);
  t.is(plan.version, '8');
});

test('a list again is not older than what was seen', (t) => {
  const plan = listedPlan();
  t.true(plan.recover('list', 40_000));
  t.deepEqual([plan.mustList, plan.listQuery()], [true, { resourceVersion: '7' }]);
});

test('the newest list drops the version', (t) => {
  const plan = listedPlan();
  t.true(plan.recover('list-newest', 40_000));
  t.deepEqual([plan.version, plan.listQuery()], ['', { limit: '500' }]);
  plan.recover('list-whole', 80_000);
  t.deepEqual(plan.listQuery(), {});
});

test('lists do not follow each other at once', (t) => {
  const plan = listedPlan();
  t.false(plan.recover('list', 29_000));
  t.false(plan.recover('list', 50_000));
  t.true(plan.recover('list', 90_000));
});

test('internal errors lead to a list after a minute, unless something was heard in between', (t) => {
  const plan = listedPlan();
  plan.recover('again-then-list', 0);
  plan.recover('again-then-list', 50_000);
  t.false(plan.mustList);
  plan.advanced('8');
  plan.recover('again-then-list', 70_000);
  t.false(plan.mustList);
  plan.recover('again-then-list', 140_000);
  t.true(plan.mustList);
});

test('a server without streaming lists is asked for them no more', (t) => {
  const plan = new ListPlan(TIMINGS);
  t.true(plan.recover('list-in-pages', 0));
  t.deepEqual([plan.canStream, plan.mustList], [false, true]);
});
