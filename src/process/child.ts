import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a process is asked: by name, what is sent and what comes back. */
export type CommandTable<Name extends string = string> = Record<
  Name,
  { readonly request: unknown; readonly reply: unknown }
>;

/** What a process answers. */
export type Reply = { readonly value: unknown } | { readonly error: string };

/** How bin/nodeplane.js starts Node; a test keeps the two alike. */
export const NODE_FLAGS = [
  '--min-semi-space-size=1',
  '--max-semi-space-size=1',
  '--initial-heap-size=160',
  '--heap-growing-percent=50',
] as const;

/** Where bin/nodeplane.js keeps compiled sources. */
const COMPILE_CACHE = fileURLToPath(new URL('../../build/compile-cache', import.meta.url));

/** A forked process that serves commands over IPC. */
export class Child<Table extends CommandTable<keyof Table & string>> {
  readonly #child: ChildProcess;

  constructor(module: URL, nodeFlags: readonly string[], args: readonly string[] = []) {
    this.#child = fork(fileURLToPath(module), args, {
      // Standard output belongs to the report.
      stdio: ['ignore', 2, 2, 'ipc'],
      // Flags of ours such as --cpu-prof hold for the processes too: they are what one wants to profile.
      execArgv: [...nodeFlags, ...process.execArgv],
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
      serialization: 'advanced',
    });
  }

  /** One command at a time. Rejects if the process says that it failed, or dies. */
  ask<Name extends keyof Table & string>(
    command: Name,
    request: Table[Name]['request'],
  ): Promise<Table[Name]['reply']> {
    return new Promise((resolve, reject) => {
      const died = (): void => reject(new Error(`a process ended in the middle of "${command}"`));
      if (!this.#child.connected) return died();
      this.#child.once('exit', died);
      this.#child.once('message', (message) => {
        this.#child.off('exit', died);
        const reply = message as Reply; // only the module that was forked has the other end
        if ('error' in reply) reject(new Error(`${command}: ${reply.error}`));
        else resolve(reply.value as Table[Name]['reply']);
      });
      this.#child.send({ command, request });
    });
  }

  /** Resolves when the process is gone. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.connected) this.#child.disconnect();
    await gone;
  }
}

/** Runs `work` with a process that is gone afterwards. */
export async function withChild<Table extends CommandTable<keyof Table & string>, Result>(
  child: Child<Table>,
  work: (child: Child<Table>) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(child);
  } finally {
    await child.close();
  }
}
