import { readdir } from 'node:fs/promises';
import { IP, run } from './command.ts';

/**
 * Named network namespaces that clean up after each other. A name is `PREFIX-PID-...`: when the process with that
 * id is gone, whoever comes next removes the namespace.
 */

const NAMES = '/run/netns';

/** Adds namespaces, each with its loopback up. */
export async function addNamespaces(names: readonly string[]): Promise<void> {
  await ipBatch(names.map((name) => `netns add ${name}`));
  await Promise.all(names.map((name) => run(IP, ['-n', name, 'link', 'set', 'lo', 'up'])));
}

/** Runs lines of `ip` commands in one process, in a namespace or (to add and delete some) outside. */
export async function ipBatch(lines: readonly string[], namespace?: string): Promise<void> {
  const where = namespace === undefined ? [] : ['-n', namespace];
  await run(IP, [...where, '-batch', '-'], `${lines.join('\n')}\n`);
}

/** Runs a program inside a namespace and gives what it printed. */
export function runInside(namespace: string, program: string, ...args: readonly string[]): Promise<string> {
  return run(IP, ['netns', 'exec', namespace, program, ...args]);
}

/** Removes namespaces. Those that are not there are no error. */
export async function removeNamespaces(names: readonly string[]): Promise<void> {
  const present = new Set(await namespaceNames());
  const lines = names.filter((name) => present.has(name)).map((name) => `netns del ${name}`);
  if (lines.length > 0) await ipBatch(lines);
}

/**
 * Removes namespaces whose owner is gone, and ends the processes left in them, which would keep them alive.
 */
export async function removeStaleNamespaces(prefix: string): Promise<string[]> {
  const stale = (await namespaceNames()).filter((name) => isStale(name, prefix));
  for (const name of stale) {
    const pids = await run(IP, ['netns', 'pids', name]).catch(() => '');
    for (const pid of pids.split('\n').filter(Boolean)) endProcess(Number(pid));
  }
  // Another process may be removing the same ones.
  await removeNamespaces(stale).catch(() => {});
  return stale;
}

async function namespaceNames(): Promise<string[]> {
  // The folder exists once a namespace was added.
  return await readdir(NAMES).catch(() => []);
}

/** Whether something named `PREFIX-PID...` belongs to a process that is gone. */
export function isStale(name: string, prefix: string): boolean {
  if (!name.startsWith(`${prefix}-`)) return false;
  const owner = Number(name.slice(prefix.length + 1).split('-')[0]);
  return Number.isInteger(owner) && !isAlive(owner);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
