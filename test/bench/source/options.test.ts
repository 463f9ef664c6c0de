import test from 'ava';
import { bench } from '../../../src/cli/bench/bench.ts';
import { parseSourceOptions } from '../../../src/cli/bench/source.ts';
import { UsageError } from '../../../src/cli/run-options.ts';

test('the defaults are those of the goals', (t) => {
  t.deepEqual(parseSourceOptions([]), {
    services: 10_000,
    endpoints: 10,
    changes: 2000,
    json: false,
    report: undefined,
  });
});

test('every flag is read', (t) => {
  const args = '--services 20 --endpoints 3 --changes 7 --json --report out'.split(' ');
  t.deepEqual(parseSourceOptions(args), {
    services: 20,
    endpoints: 3,
    changes: 7,
    json: true,
    report: 'out',
  });
});

const refused = test.macro((t, line: string, message: RegExp) => {
  t.throws(() => parseSourceOptions(line.split(' ')), { instanceOf: UsageError, message });
});

test('no services', refused, '--services 0', /^--services: "0"/);
test('a list of numbers, as update takes it', refused, '--services 1,2', /^--services: "1,2"/);
test('more services than cluster IPs', refused, '--services 60001', /^--services: "60001".* 60000$/);
test('more endpoints than a slice holds', refused, '--endpoints 1000', /^--endpoints: "1000".* 999$/);
test('more endpoints than there are addresses', refused, '--endpoints 999', /^--services: /);

test('a benchmark that does not exist', async (t) => {
  await t.throwsAsync(bench(['packets']), {
    instanceOf: UsageError,
    message: 'bench: "packets" is not a benchmark; update, source, path, blackbox and all are',
  });
});
