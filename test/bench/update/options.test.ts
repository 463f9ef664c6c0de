import test from 'ava';
import { parseUpdateOptions } from '../../../src/cli/bench/update.ts';
import { UsageError } from '../../../src/cli/run-options.ts';

test('the defaults are those of the goals', (t) => {
  t.deepEqual(parseUpdateOptions([]), {
    backends: ['nftables'],
    services: [100, 1000, 10_000, 30_000],
    endpoints: 10,
    changes: 2000,
    churn: { rate: 2000, seconds: 5 },
    json: false,
    report: undefined,
  });
});

test('every flag is read', (t) => {
  const args =
    '--services 1,20 --endpoints 3 --changes 7 --backend memory,nftables --rate 9 --seconds 0 --json --report out'.split(
      ' ',
    );
  t.deepEqual(parseUpdateOptions(args), {
    backends: ['memory', 'nftables'],
    services: [1, 20],
    endpoints: 3,
    changes: 7,
    churn: { rate: 9, seconds: 0 },
    json: true,
    report: 'out',
  });
});

const refused = test.macro((t, line: string, message: RegExp) => {
  t.throws(() => parseUpdateOptions(line.split(' ')), { instanceOf: UsageError, message });
});

test('no services', refused, '--services 0', /^--services: "0"/);
test('an empty number in a list', refused, '--services 100,', /^--services: ""/);
test('a number with a unit', refused, '--services 10k', /^--services: "10k"/);
test('a fraction', refused, '--endpoints 1.5', /^--endpoints: "1.5"/);
test('more endpoints than a slice holds', refused, '--endpoints 1000', /^--endpoints: "1000".* 999$/);
test('more endpoints than there are addresses', refused, '--services 30000 --endpoints 900', /^--services: /);
test('a backend that does not exist', refused, '--backend iptables', /^--backend: "iptables"/);

test('a backend that does not exist among others', refused, '--backend memory,', /^--backend: ""/);
test('no changes a second', refused, '--rate 0', /^--rate: "0"/);

test('an unknown flag is an error of parseArgs, which main knows', (t) => {
  t.throws(() => parseUpdateOptions(['--service', '1']), { code: 'ERR_PARSE_ARGS_UNKNOWN_OPTION' });
});
