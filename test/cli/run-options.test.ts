import test from 'ava';
import { parseRunOptions, UsageError } from '../../src/cli/run-options.ts';

test('the mode is nftables unless another is asked for', (t) => {
  t.is(parseRunOptions([]).config.mode, 'nftables');
  t.is(parseRunOptions(['--proxy-mode=nftables']).config.mode, 'nftables');
});

test('mode ebpf, for the sockets of one cgroup', (t) => {
  const { mode, bpfCgroup } = parseRunOptions(['--proxy-mode=ebpf', '--bpf-cgroup', '/cgroup/node']).config;
  t.deepEqual([mode, bpfCgroup], ['ebpf', '/cgroup/node']);
});

const refused = test.macro((t, line: string, message: RegExp) => {
  t.throws(() => parseRunOptions(line.split(' ')), { instanceOf: UsageError, message });
});

test(
  'a mode that does not exist',
  refused,
  '--proxy-mode=ipvs',
  /^--proxy-mode: "ipvs" is none of nftables, ebpf$/,
);
test(
  'a cgroup without the mode',
  refused,
  '--bpf-cgroup=/cgroup',
  /^--bpf-cgroup: goes with --proxy-mode=ebpf/,
);
