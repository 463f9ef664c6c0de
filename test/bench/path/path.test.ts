import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import type { PathReport } from '../../../src/bench/path/path.ts';
import { pathSections } from '../../../src/bench/path/sections.ts';

/** Figures are never asserted here: this machine may be busy. Only that they are there, and what they are of. */

const MAIN = path.resolve(import.meta.dirname, '../../../src/main.ts');

const run = promisify(execFile);

/** Starts `nodeplane bench path`; `pid` is in the names of its namespaces. */
function benchPath(flags: string) {
  const running = run(process.execPath, [MAIN, 'bench', 'path', ...flags.split(' ')]);
  return { running, pid: running.child.pid };
}

function namespacesOf(pid: number | undefined): string[] {
  const names = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  return names.filter((name) => name.startsWith(`np-bench-${pid}-`));
}

/** Routes times targets times figures: measures that open flows have three targets, latencies two figures. */
const ROUTES = ['direct', 'conntrack', 'beside', 'service'];

test('--json prints one object with all figures of all paths, and nothing is left behind', async (t) => {
  const flags =
    '--services 20 --endpoints 2 --samples 1 --only connect,first-packet,requests,throughput --json';
  const { running, pid } = benchPath(flags);
  const { stdout } = await running;
  t.is(stdout.indexOf('\n'), stdout.length - 1);
  const report: PathReport = JSON.parse(stdout);
  t.is(report.machine.node, process.version);
  t.is(typeof report.noise.isNoisy, 'boolean');
  t.is(report.results.length, 3 * (2 * ROUTES.length * 3 * 2 + 2 * ROUTES.length));
  for (const it of report.results) {
    t.is(it.blocks, 1);
    for (const { value, low, high } of [it.value, it.to_direct, it.to_conntrack])
      t.true(low > 0 && low <= value && value <= high);
  }
  t.is(report.distributions.length, 3 * 2 * ROUTES.length * 3);
  t.true(report.distributions.every(({ samples }) => samples === 250));
  t.deepEqual(namespacesOf(pid), []);
  const [section] = pathSections(report, 'the command');
  t.deepEqual(
    section?.plots.map(({ kind }) => kind),
    ['bars', 'bars', 'bars', 'bars', 'distribution'],
  );
  const rows = section?.tables.flatMap((table) => table.rows) ?? [];
  t.is(rows.length, report.results.length);
});

test('with several numbers of services it shows how latency grows', async (t) => {
  const { stdout } = await benchPath('--services 1,5 --samples 1 --only connect --from pod --json').running;
  const report: PathReport = JSON.parse(stdout);
  const [section] = pathSections(report, 'the command');
  const lines = section?.plots.filter((plot) => plot.kind === 'lines') ?? [];
  t.deepEqual(
    lines[0]?.series.map(({ name, points }) => [name, points.map(({ x }) => x)]),
    [
      ['beside nftables', [1, 5]],
      ['conntrack', [1, 5]],
      ['nftables, first', [5]],
      ['nftables, last', [5]],
      ['nftables, random', [1, 5]],
    ],
  );
});

/** A run that goes on and on, when it measures. */
async function measuring() {
  const { running, pid } = benchPath('--services 5 --samples 1000000 --only udp --from pod');
  const { stderr } = running.child;
  await new Promise<void>((resolve) => {
    stderr?.on('data', (text: Buffer) => {
      if (text.includes('udp from pod')) resolve();
    });
  });
  return { running, pid };
}

/** Of a run with one backend: three networks of four. */
const NAMESPACES = 12;

test('a signal ends it, and neither namespaces nor processes stay', async (t) => {
  const { running, pid } = await measuring();
  t.is(namespacesOf(pid).length, NAMESPACES);
  running.child.kill('SIGTERM');
  // Resolves only when standard error is closed, which the process with the proxy shares.
  await t.throwsAsync(running, { message: /Command failed/ });
  t.deepEqual(namespacesOf(pid), []);
});

test('what a killed run left is removed by the next', async (t) => {
  const { running: killed, pid } = await measuring();
  // Counted before the kill: from then on any run that starts, such as those of the other tests, may remove them.
  t.is(namespacesOf(pid).length, NAMESPACES);
  killed.child.kill('SIGKILL');
  await t.throwsAsync(killed);
  await benchPath('--services 1 --samples 1 --only udp --from pod').running;
  t.deepEqual(namespacesOf(pid), []);
});
