import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CommandTable, Reply } from './messages.ts';

/** Where bin/nodeplane.js keeps compiled sources. */
const COMPILE_CACHE = fileURLToPath(new URL('../../../build/compile-cache', import.meta.url));

/** A process that serves commands; see serve.ts for its end. */
export class Child<Table extends CommandTable> {
  readonly #child: ChildProcess;

  /** `module` is a file beside this one. */
  constructor(module: string, nodeFlags: readonly string[]) {
    this.#child = fork(fileURLToPath(new URL(module, import.meta.url)), {
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
        const reply = message as Reply; // only serve.ts has the other end
        if ('error' in reply) reject(new Error(`${command}: ${reply.error}`));
        else resolve(reply.value);
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
export async function withChild<Table extends CommandTable, Result>(
  child: Child<Table>,
  work: (child: Child<Table>) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(child);
  } finally {
    await child.close();
  }
}
