/** `nodeplane run --kubeconfig` as people run it: a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import test, { type ExecutionContext } from 'ava';
import { POD_CIDRS } from '../../src/lab/network.ts';
import { startNetwork, startServer } from './cluster.ts';
import { kubectlFor } from './kubectl.ts';
import { serviceWith, slices } from './objects.ts';
import { answersBy, PATIENCE_MS, startStream, until } from './traffic.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/main.ts');
const STEADY = 1;
const CHANGING = 2;

interface LogEntry {
  readonly msg: string;
  readonly frontends?: number;
}

interface RunningCommand {
  readonly log: readonly LogEntry[];
  /** Ends it as a service manager does; the exit code. */
  terminate(): Promise<number | null>;
}

/** Resolves when it says that it is ready. */
async function startCommand(
  t: ExecutionContext,
  kubeconfig: string,
  namespace: string,
): Promise<RunningCommand> {
  const flags = Object.entries({
    kubeconfig,
    'hostname-override': 'node',
    'cluster-cidr': POD_CIDRS.join(),
    'network-namespace': namespace,
  }).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(process.execPath, [MAIN, 'run', ...flags]);
  t.teardown(() => child.kill('SIGKILL'));
  child.stderr.pipe(process.stderr);
  const log = logOf(child);
  const isReady = (): boolean => log.some(({ msg }) => msg === 'ready');
  await until(
    () => [isReady(), child.exitCode, log],
    ([ready, exitCode]) => ready === true || exitCode !== null,
  );
  if (!isReady()) throw new Error(`it ended (${child.exitCode}): ${JSON.stringify(log)}`);
  return {
    log,
    terminate: async () => {
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(PATIENCE_MS) });
      return code;
    },
  };
}

function logOf({ stdout }: ChildProcessWithoutNullStreams): LogEntry[] {
  const log: LogEntry[] = [];
  createInterface(stdout).on('line', (line) => log.push(JSON.parse(line)));
  return log;
}

test('it follows the server, leaves its rules when it ends, and finds them when it starts again', async (t) => {
  const [network, server] = await Promise.all([startNetwork(t), startServer(t)]);
  const kubectl = kubectlFor(t, server.kubeconfig());
  const { namespace } = network.node;
  await kubectl.apply(...serviceWith(STEADY, [1, 2]));
  const first = await startCommand(t, kubectl.kubeconfig, namespace);
  await answersBy(network, STEADY, [1, 2]);
  const stream = await startStream(network, STEADY);
  await kubectl.apply(...serviceWith(CHANGING, [3]));
  await answersBy(network, CHANGING, [3]);

  t.is(await first.terminate(), 0);
  await Promise.all([answersBy(network, STEADY, [1, 2]), answersBy(network, CHANGING, [3])]);

  const second = await startCommand(t, kubectl.kubeconfig, namespace);
  t.deepEqual(
    second.log.filter(({ msg }) => msg === 'synced').map(({ frontends }) => frontends),
    [0, 0],
  );
  await kubectl.apply(...slices(CHANGING, [4]));
  await answersBy(network, CHANGING, [4]);
  t.is(await second.terminate(), 0);
  t.deepEqual(await stream.failures(), {});
});
