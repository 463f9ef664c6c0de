import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { startApiServer } from '../../../src/apiserver/server.ts';

/** Figures are never asserted here: this machine may be busy. Only that they are there, and that nothing stays behind. */

const MAIN = path.resolve(import.meta.dirname, '../../../src/main.ts');

const run = promisify(execFile);

/** Starts `nodeplane bench blackbox`; `pid` is in the names of its control groups. */
function benchBlackbox(...flags: readonly string[]) {
  const running = run(process.execPath, [MAIN, 'bench', 'blackbox', ...flags]);
  return { running, pid: running.child.pid };
}

/** What a run printed and how it ended, also if that was with an error. */
async function outcomeOf(running: Promise<{ stdout: string }>): Promise<{ stdout: string; code: number }> {
  return await running.then(
    ({ stdout }) => ({ stdout, code: 0 }),
    ({ stdout, code }) => ({ stdout, code }),
  );
}

function controlGroupsOf(pid: number | undefined): string[] {
  const mount = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/self/mounts', 'utf8'))?.[1] ?? '';
  return readdirSync(mount).filter((name) => name.startsWith(`np-bench-${pid}-`));
}

/** Ids of processes that have this text in their command line or environment. */
function processesWith(text: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.filter((pid) => {
    try {
      return ['cmdline', 'environ'].some((file) =>
        readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(text),
      );
    } catch {
      return false; // It ended.
    }
  });
}

function certificateFor(address: string, directory: string): { key: string; cert: string } {
  const files = { key: path.join(directory, 'key'), cert: path.join(directory, 'cert') };
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=nodeplane'.split(' ');
  const more = ['-addext', `subjectAltName=IP:${address}`, '-keyout', files.key, '-out', files.cert];
  execFileSync('openssl', [...request, ...more], { stdio: 'ignore' });
  return { key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.cert, 'utf8') };
}

/** The value with every number that is measured replaced by its type. */
function shapeOf(value: unknown, isMeasured = false): unknown {
  if (typeof value === 'number') return isMeasured ? 'number' : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shapeOf(item, isMeasured));
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, it]) => [name, shapeOf(it, isMeasured || /_(us|ms|mb|percent)$/.test(name))]),
  );
}

const ESTIMATE = { value: 'number', low: 'number', high: 'number' };

test('--json prints one object, with the figures of those that work and the reasons of those that do not', async (t) => {
  const { running, pid } = benchBlackbox(
    ...'--services 20 --endpoints 3 --changes 4 --starts 2 --pause 1 --timeout 30 --json --daemon nodeplane'.split(
      ' ',
    ),
    ...['--daemon', 'broken=echo "no license for {node} in $NODE_NAME"; exit 7'],
    ...['--daemon', 'ends=cat {kubeconfig} | grep -c server'],
  );
  const { stdout, code } = await outcomeOf(running);
  t.is(code, 1);
  t.is(stdout.indexOf('\n'), stdout.length - 1);
  const { machine, results, daemons } = JSON.parse(stdout);
  t.is(machine.node, process.version);
  t.deepEqual(
    daemons.map(({ name }: { name: string }) => name),
    ['nodeplane', 'broken', 'ends'],
  );
  const [{ quantiles, ...change }, ...others] = [results[0].figures.change];
  t.deepEqual(others, []);
  t.true(quantiles.length > 1);
  t.deepEqual(shapeOf({ ...results[0], figures: { ...results[0].figures, change } }), {
    daemon: 'nodeplane',
    services: 20,
    endpoints: 3,
    failure: null,
    figures: {
      start: { n: 2, first_ms: ESTIMATE, all_ms: ESTIMATE, cpu_ms: ESTIMATE, memory_mb: ESTIMATE },
      change: {
        n: 4,
        p50_us: ESTIMATE,
        p90_us: ESTIMATE,
        p99_us: ESTIMATE,
        max_us: 'number',
        cpu_us: 'number',
        memory_mb: 'number',
        resolution_us: { p50: 'number', max: 'number' },
      },
    },
  });
  t.deepEqual(results[1].failure, {
    reason: 'ended by itself (code 7)',
    output: ['no license for nodeplane-bench-node in nodeplane-bench-node'],
  });
  t.deepEqual(results[2].failure, { reason: 'ended by itself (code 0)', output: ['1'] });
  t.is(results[1].figures, null);
  t.deepEqual(controlGroupsOf(pid), []);
});

test('a daemon that serves nothing is given up, and all that it started ends', async (t) => {
  const mark = `np-deaf-${process.pid}`;
  const { running, pid } = benchBlackbox(
    ...'--services 3 --changes 1 --timeout 1'.split(' '),
    ...['--daemon', `deaf=trap "" TERM; MARK=${mark} sleep 1000 & MARK=${mark} sleep 1000`],
  );
  const { stdout } = await outcomeOf(running);
  t.regex(stdout, /^3 +deaf +failed: no service answered within 1 s$/m);
  t.deepEqual(processesWith(mark), []);
  t.deepEqual(controlGroupsOf(pid), []);
});

test('a daemon sees the network and the mounts of its node, none of the machine', async (t) => {
  const look =
    'ls /sys/class/net /run /sys/fs/cgroup | grep -v "^cgroup\\|pressure\\|cpu\\|^$" | tr "\\n" " "; exit 1';
  const { stdout } = await outcomeOf(benchBlackbox('--services', '1', '--daemon', `look=${look}`).running);
  const line = stdout.split('\n').find((it) => it.includes('/sys/class/net'));
  t.is(line?.trim(), '/run: kubeconfig /sys/class/net: lo pods uplink /sys/fs/cgroup:');
});

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`${signal} ends it and its daemon`, async (t) => {
    const mark = `np-killed-${process.pid}-${signal}`;
    const { running, pid } = benchBlackbox(
      ...['--services', '3', '--daemon', `sleeper=MARK=${mark} sleep 1000 & MARK=${mark} sleep 1000`],
    );
    const { child } = running;
    await new Promise<void>((resolve) => {
      child.stderr?.on('data', (text: Buffer) => {
        if (text.includes('starting')) resolve();
      });
    });
    t.is(controlGroupsOf(pid).length, 1);
    child.kill(signal);
    // Resolves only when standard error is closed, which the processes of the benchmark share.
    await t.throwsAsync(running);
    if (signal === 'SIGKILL')
      await benchBlackbox('--services', '1', '--daemon', 'none=false').running.catch(() => {});
    t.deepEqual(processesWith(mark), []);
    t.deepEqual(controlGroupsOf(pid), []);
  });
}

test('an API server that is there already gets the objects, and they are gone afterwards', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'np-blackbox-'));
  // Not the address at which the daemon reaches it.
  const address = '127.0.0.2';
  const tls = certificateFor(address, directory);
  const server = await startApiServer({ hasEndpointSliceController: false, token: 'secret', address, tls });
  t.teardown(async () => {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });
  const kubeconfig = path.join(directory, 'kubeconfig');
  await writeFile(kubeconfig, server.kubeconfig());
  const kinds = ['services', 'endpointslices', 'nodes', 'namespaces'];
  const names = (): string[] =>
    kinds.flatMap((kind) => server.store.list(kind).map(({ metadata }) => metadata.name));
  const before = names();
  const { running } = benchBlackbox(
    ...'--services 5 --endpoints 2 --changes 3 --starts 1 --pause 1 --json --kubeconfig'.split(' '),
    kubeconfig,
  );
  const [{ failure, figures }] = JSON.parse((await running).stdout).results;
  t.is(failure, null);
  t.is(figures.change.n, 3);
  t.deepEqual(names(), before);
});
