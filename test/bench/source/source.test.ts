import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';

/** Figures are never asserted here: this machine may be busy. Only that they are there, and what they are of. */

const MAIN = path.resolve(import.meta.dirname, '../../../src/main.ts');

const run = promisify(execFile);

/** Starts `nodeplane bench source`; `pid` is in the names of its namespaces. */
function benchSource(flags: string) {
  const running = run(process.execPath, [MAIN, 'bench', 'source', ...flags.split(' ')]);
  return { running, pid: running.child.pid };
}

function namespacesOf(pid: number | undefined): string[] {
  const names = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  return names.filter((name) => name.startsWith(`np-bench-${pid}-`));
}

/** What is measured, as opposed to what was asked for. */
const MEASURED = /_(us|ms|mb|s)$|^transactions$|_to_json_parse$/;

/** The value with every number that is measured replaced by its type. */
function shapeOf(value: unknown, key = ''): unknown {
  if (typeof value === 'number') return MEASURED.test(key) ? 'number' : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shapeOf(item));
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, shapeOf(it, name)]));
}

function distribution(n: number) {
  const latency = 'number';
  return { n, p50_us: latency, p90_us: latency, p99_us: latency, p999_us: latency, max_us: latency };
}

const SPEED = { objects_per_s: 'number', mb_per_s: 'number' };

function decoded(form: string) {
  return [10, 100, 1000].map((endpoints) => ({
    form,
    endpoints,
    protobuf: SPEED,
    json_parse: SPEED,
    json: SPEED,
    protobuf_to_json_parse: 'number',
  }));
}

test('--json prints one object, and nothing is left behind', async (t) => {
  const { running, pid } = benchSource('--services 50 --endpoints 3 --changes 20 --json');
  const { stdout } = await running;
  t.is(stdout.indexOf('\n'), stdout.length - 1);
  const { machine, noise, seed, ...result } = JSON.parse(stdout);
  t.is(typeof noise.isNoisy, 'boolean');
  t.is(machine.node, process.version);
  t.is(typeof seed, 'number');
  t.deepEqual(shapeOf(result), {
    services: 50,
    endpoints: 3,
    decode: [...decoded('list'), ...decoded('watch')],
    start: {
      n: 3,
      synced_ms: 'number',
      listed_ms: 'number',
      daemon_cpu_ms: 'number',
      server_cpu_ms: 'number',
      rss_mb: 'number',
      memory: { baseline_mb: 'number', rss_mb: 'number', after_gc_mb: 'number', peak_mb: 'number' },
    },
    change: {
      sent_to_committed: distribution(20),
      read_to_committed: distribution(20),
      cpu_us: 'number',
      transactions: 'number',
    },
    burst: {
      n: 9,
      changes: 1000,
      sent_to_committed_ms: 'number',
      read_to_committed_ms: 'number',
      cpu_us: 'number',
      transactions: 'number',
    },
  });
  t.deepEqual(namespacesOf(pid), []);
});

test('a signal ends it, and neither namespaces nor processes stay', async (t) => {
  const { running, pid } = benchSource('--services 50 --changes 100000');
  const { stderr } = running.child;
  await new Promise<void>((resolve) => {
    stderr?.on('data', (text: Buffer) => {
      if (text.includes('single changes')) resolve();
    });
  });
  t.is(namespacesOf(pid).length, 1);
  running.child.kill('SIGTERM');
  // Resolves only when standard error is closed, which the processes of the benchmark share.
  await t.throwsAsync(running, { message: /Command failed/ });
  t.deepEqual(namespacesOf(pid), []);
});
