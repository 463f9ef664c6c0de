import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';

/** Where `ip netns` keeps its names. */
const NAMES = '/run/netns';

/** Runs `work` with the name of a fresh network namespace, which is gone afterwards, whatever happens. */
export async function withNamespace<Result>(work: (namespace: string) => Promise<Result>): Promise<Result> {
  const namespace = `np-bench-${process.pid}-${randomBytes(3).toString('hex')}`;
  const remove = (): void => removeNamespace(namespace);
  // Also runs when a signal or an uncaught error ends the process; see exitOnSignals().
  process.once('exit', remove);
  execFileSync('ip', ['netns', 'add', namespace]);
  try {
    return await work(namespace);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** Removes what earlier runs left that were killed. */
export function removeStaleNamespaces(): void {
  const names = existsSync(NAMES) ? readdirSync(NAMES) : [];
  for (const name of names) {
    const pid = /^np-bench-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) removeNamespace(name);
  }
}

/** Lets the `exit` handlers run that a signal would skip. Returns a function that takes this back. */
export function exitOnSignals(): () => void {
  const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
  const undo = Object.entries(signals).map(([signal, number]) => {
    const exit = (): void => process.exit(128 + number);
    process.once(signal, exit);
    return () => process.off(signal, exit);
  });
  return () => {
    for (const takeBack of undo) takeBack();
  };
}

/** Synchronous, for exit handlers. It is no error if it is not there, or if another run is faster. */
export function removeNamespace(name: string): void {
  const file = `${NAMES}/${name}`;
  if (!existsSync(file)) return;
  try {
    execFileSync('ip', ['netns', 'del', name], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    if (existsSync(file)) throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, but not ours.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
