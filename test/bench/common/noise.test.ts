import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';
import { type CpuTimes, parseProcess, readCpuTimes } from '../../../src/bench/common/cpu-times.ts';
import { noiseBetween } from '../../../src/bench/common/noise.ts';

const START: CpuTimes = { all: 1000, busy: 400, steal: 10, ours: 50, kernelThreads: 5 };

function after(changes: Partial<CpuTimes>): CpuTimes {
  return { ...START, all: START.all + 1000, ...changes };
}

test('what the benchmark and the kernel do is no noise', (t) => {
  t.deepEqual(noiseBetween(START, after({ busy: 1400, ours: 1000, kernelThreads: 55 })), {
    steal_percent: 0,
    others_percent: 0,
    isNoisy: false,
    reasons: [],
  });
});

test('what other programs do is, beyond a limit', (t) => {
  t.like(noiseBetween(START, after({ busy: 480, ours: 50 })), { others_percent: 8, isNoisy: false });
  t.deepEqual(noiseBetween(START, after({ busy: 500, ours: 50 })), {
    steal_percent: 0,
    others_percent: 10,
    isNoisy: true,
    reasons: ['other programs used 10 % of the CPU time'],
  });
});

test('what the hypervisor takes is', (t) => {
  const { isNoisy, reasons } = noiseBetween(START, after({ steal: 60 }));
  t.true(isNoisy);
  t.deepEqual(reasons, ['the hypervisor took 5 % of the CPU time for others']);
});

test('a process that ends while it is counted takes its time along, which is not less than no noise', (t) => {
  t.is(noiseBetween(START, after({ ours: 50 + 90, busy: 400 + 20 })).others_percent, 0);
});

test('nothing is known of no time', (t) => {
  t.is(noiseBetween(START, START).others_percent, 0);
});

test('the name of a process may hold anything', (t) => {
  const line = '42 (a) b (c) S 7 1 1 0 -1 4194304 1 2 3 4 100 20 3 1 20 0 1 0 5 6 7';
  t.deepEqual(parseProcess(line), { pid: 42, parent: 7, ticks: 124 });
});

test('a child that works counts as ours, while it lives and when it ended', async (t) => {
  const before = readCpuTimes();
  const child = spawn(process.execPath, [
    '-e',
    'for (let i = 0; i < 3e8; i++); console.log(); process.stdin.resume()',
  ]);
  await once(child.stdout, 'data');
  const living = readCpuTimes();
  t.true(living.ours > before.ours);
  child.stdin.end();
  await once(child, 'close');
  t.true(readCpuTimes().ours >= living.ours);
});
