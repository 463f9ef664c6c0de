import test from 'ava';
import { SHORT_FORMS } from '../../../src/bench/all/short-form.ts';
import { BENCHMARKS } from '../../../src/cli/bench/benchmarks.ts';

test('every benchmark is in it, once', (t) => {
  t.deepEqual(SHORT_FORMS.map(({ name }) => name).toSorted(), Object.keys(BENCHMARKS).toSorted());
});

test('every benchmark takes its flags', (t) => {
  for (const { name, args } of SHORT_FORMS) t.notThrows(() => BENCHMARKS[name]?.obstacle(args));
});

test('all of them are planned for less than five minutes', (t) => {
  t.true(SHORT_FORMS.reduce((sum, { seconds }) => sum + seconds, 0) < 300);
});
