import path from 'node:path';
import test from 'ava';
import { filledIn, NODEPLANE } from '../../../src/bench/blackbox/daemon-command.ts';
import { parseBlackboxOptions } from '../../../src/cli/bench/blackbox.ts';
import { commandLine } from '../../../src/cli/bench/report.ts';
import { UsageError } from '../../../src/cli/run-options.ts';

test('by default nodeplane itself is measured', (t) => {
  t.deepEqual(parseBlackboxOptions([]), {
    daemons: [NODEPLANE],
    services: [100, 1000, 10_000],
    endpoints: 10,
    changes: 300,
    starts: 3,
    pauseMs: 20,
    timeoutMs: 60_000,
    kubeconfig: undefined,
    json: false,
    report: undefined,
  });
});

test('every flag is read', (t) => {
  const numbers = '--services 1,20 --endpoints 3 --changes 7 --starts 2 --pause 5 --timeout 4 --json';
  const files = '--report out --kubeconfig cluster/config';
  const daemons = ['--daemon', 'peer=/opt/peer --node={node}', '--daemon', 'nodeplane'];
  t.deepEqual(parseBlackboxOptions([...`${numbers} ${files}`.split(' '), ...daemons]), {
    daemons: [{ name: 'peer', command: '/opt/peer --node={node}' }, NODEPLANE],
    services: [1, 20],
    endpoints: 3,
    changes: 7,
    starts: 2,
    pauseMs: 5,
    timeoutMs: 4000,
    kubeconfig: path.resolve('cluster/config'),
    json: true,
    report: 'out',
  });
});

test('placeholders are filled in wherever they are', (t) => {
  t.is(
    filledIn('A={node} peer --kubeconfig={kubeconfig} {node} {cluster-cidr} {other}'),
    'A=nodeplane-bench-node peer --kubeconfig=/run/kubeconfig nodeplane-bench-node 10.128.0.0/9 {other}',
  );
});

const refused = test.macro((t, args: readonly string[], message: RegExp) => {
  t.throws(() => parseBlackboxOptions(args), { instanceOf: UsageError, message });
});

test('a daemon without a command', refused, ['--daemon', 'peer'], /^--daemon: "peer" is neither/);
test('a daemon with an empty command', refused, ['--daemon', 'peer= '], /^--daemon: "peer= "/);
test('a daemon without a name', refused, ['--daemon', '=run'], /^--daemon: "=run"/);
test('two of one name', refused, ['--daemon', 'a=b', '--daemon', 'a=c'], /^--daemon: "a" is there twice/);
test('no services', refused, ['--services', '0'], /^--services: "0"/);
test('more services than cluster IPs', refused, ['--services', '60001'], /^--services: "60001".* 60000$/);
test(
  'more endpoints than addresses',
  refused,
  ['--endpoints', '999', '--services', '10000'],
  /^--services: /,
);
test('no starts', refused, ['--starts', '0'], /^--starts: "0"/);

test('a report names the command as a shell takes it', (t) => {
  t.is(
    commandLine('blackbox', ['--services', '1,2', '--daemon', "it's={node} x"]),
    `sudo nodeplane bench blackbox --services 1,2 --daemon 'it'\\''s={node} x'`,
  );
});
