import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';

/** Figures are never asserted here: this machine may be busy. Only that they are there, and the kernel's state. */

const MAIN = path.resolve(import.meta.dirname, '../../../src/main.ts');

const run = promisify(execFile);

/** Starts `nodeplane bench update`; `pid` is in the names of its namespaces. */
function benchUpdate(flags: string) {
  const running = run(process.execPath, [MAIN, 'bench', 'update', ...flags.split(' ')]);
  return { running, pid: running.child.pid };
}

function namespacesOf(pid: number | undefined): string[] {
  const names = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  return names.filter((name) => name.startsWith(`np-bench-${pid}-`));
}

function distribution(n: number) {
  const latency = 'number';
  return { n, p50_us: latency, p90_us: latency, p99_us: latency, p999_us: latency, max_us: latency };
}

const MEASURED =
  /_(us|ms|mb|percent|us_per_service|kb_per_change)$|^(change_to_floor|value|low|high|highest_rate)$/;

const ESTIMATE = { value: 'number', low: 'number', high: 'number' };

/** The value with every number that is measured replaced by its type. */
function shapeOf(value: unknown, key = ''): unknown {
  if (typeof value === 'number') return MEASURED.test(key) ? 'number' : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shapeOf(item));
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, shapeOf(it, name)]));
}

test('--json prints one object with a result for each number of services, and leaves nothing behind', async (t) => {
  const { running, pid } = benchUpdate(
    '--services 20 --endpoints 3 --changes 50 --rate 100 --seconds 1 --json',
  );
  const { stdout } = await running;
  t.is(stdout.indexOf('\n'), stdout.length - 1);
  const { results, machine, noise } = JSON.parse(stdout);
  t.is(machine.node, process.version);
  t.is(typeof noise.isNoisy, 'boolean');
  t.deepEqual(shapeOf(results), [
    {
      backend: 'nftables',
      services: 20,
      endpoints: 3,
      change: distribution(50),
      change_p50_us: ESTIMATE,
      add: distribution(50),
      remove: distribution(50),
      create: distribution(50),
      delete: distribution(50),
      floor: { ...distribution(50), load_ms: 'number' },
      change_to_floor: 'number',
      change_to_floor_interval: ESTIMATE,
      pipeline: { load_ms: 'number', load_us_per_service: 'number', change: distribution(50) },
      rolling: { ...distribution(1000), total_ms: 'number' },
      churn: {
        rate: 100,
        seconds: 1,
        latency: distribution(100),
        cpu: { user_us: 'number', system_us: 'number' },
        gc_longest_ms: 'number',
        gc_percent: 'number',
        allocated_kb_per_change: 'number',
        highest_rate: 'number',
      },
      burst_1000_ms: 'number',
      load_ms: 'number',
      rss_mb: 'number',
      memory: { baseline_mb: 'number', rss_mb: 'number', after_gc_mb: 'number', peak_mb: 'number' },
    },
  ]);
  t.deepEqual(namespacesOf(pid), []);
});

test('without a kernel there is no floor', async (t) => {
  const { stdout } = await benchUpdate('--services 20 --changes 50 --backend memory --seconds 0 --json')
    .running;
  const { results } = JSON.parse(stdout);
  t.is(results[0].backend, 'memory');
  t.is(results[0].floor, null);
  t.is(results[0].churn, null);
});

test('a signal ends it, and no namespace stays', async (t) => {
  const { running, pid } = benchUpdate('--services 1000 --changes 100000');
  const { stderr } = running.child;
  await new Promise<void>((resolve) => {
    stderr?.on('data', (text: Buffer) => {
      if (text.includes('changes')) resolve();
    });
  });
  t.is(namespacesOf(pid).length, 1);
  running.child.kill('SIGTERM');
  await t.throwsAsync(running, { message: /Command failed/ });
  t.deepEqual(namespacesOf(pid), []);
});

test('a namespace that a killed run left is removed by the next', async (t) => {
  const { running: killed, pid } = benchUpdate('--services 1000 --changes 100000');
  const { stderr } = killed.child;
  await new Promise<void>((resolve) => stderr?.once('data', () => resolve()));
  // Counted before the kill: from then on any run that starts, such as those of the other tests, may remove it.
  t.is(namespacesOf(pid).length, 1);
  killed.child.kill('SIGKILL');
  await t.throwsAsync(killed);
  await benchUpdate('--services 1 --changes 1 --seconds 0').running;
  t.deepEqual(namespacesOf(pid), []);
});
