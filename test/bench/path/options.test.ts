import test from 'ava';
import { MEASURES } from '../../../src/bench/path/measures.ts';
import { parsePathOptions } from '../../../src/cli/bench/path.ts';
import { UsageError } from '../../../src/cli/run-options.ts';

test('the defaults are those of the goals', (t) => {
  t.deepEqual(parsePathOptions([]), {
    backends: ['nftables'],
    services: [1, 1000, 30_000],
    endpoints: 3,
    measures: [...MEASURES],
    origins: ['pod', 'node', 'outside'],
    rounds: 20,
    json: false,
    report: undefined,
  });
});

test('every flag is read', (t) => {
  const line =
    '--services 1,20 --endpoints 2 --only udp,connect --from node --samples 251 --backend nftables --json --report /tmp/r';
  t.deepEqual(parsePathOptions(line.split(' ')), {
    backends: ['nftables'],
    services: [1, 20],
    endpoints: 2,
    measures: ['udp', 'connect'],
    origins: ['node'],
    rounds: 2,
    json: true,
    report: '/tmp/r',
  });
});

test('a name that is told twice counts once', (t) => {
  t.deepEqual(parsePathOptions(['--only', 'udp,udp']).measures, ['udp']);
});

const refused = test.macro((t, line: string, message: RegExp) => {
  t.throws(() => parsePathOptions(line.split(' ')), { instanceOf: UsageError, message });
});

test('no services', refused, '--services 0', /^--services: "0"/);
test('an empty number in a list', refused, '--services 100,', /^--services: ""/);
test(
  'more endpoints than addresses',
  refused,
  '--services 30000 --endpoints 999',
  /^--services: more than 4194302/,
);
test(
  'a measure that does not exist',
  refused,
  '--only connect,speed',
  /^--only: "speed" is none of connect, /,
);
test(
  'an origin that does not exist',
  refused,
  '--from moon',
  /^--from: "moon" is none of pod, node, outside$/,
);
test('a backend that forwards nothing', refused, '--backend memory', /^--backend: "memory"/);
test('a number with a unit', refused, '--samples 5s', /^--samples: "5s"/);
