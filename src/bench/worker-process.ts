import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command, Commands, Reply } from './messages.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

/** Where bin/nodeplane.js keeps compiled sources. */
const COMPILE_CACHE = fileURLToPath(new URL('../../build/compile-cache', import.meta.url));

/** How bin/nodeplane.js starts Node; a test keeps the two alike. */
export const NODE_FLAGS = ['--max-semi-space-size=8', '--heap-growing-percent=50'] as const;

/** The other end of worker.ts: one process with one pipeline. */
export class WorkerProcess {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(WORKER, {
      // Standard output belongs to the report.
      stdio: ['ignore', 2, 2, 'ipc'],
      // Flags of ours such as --cpu-prof hold for the worker: it is what one wants to profile.
      execArgv: [...NODE_FLAGS, ...process.execArgv, '--expose-gc'],
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
      serialization: 'advanced',
    });
  }

  /** One command at a time. Rejects if the worker says that it failed, or dies. */
  ask<Name extends Command>(
    command: Name,
    request: Commands[Name]['request'],
  ): Promise<Commands[Name]['reply']> {
    return new Promise((resolve, reject) => {
      const died = (): void => reject(new Error(`the measured process ended in the middle of "${command}"`));
      if (!this.#child.connected) return died();
      this.#child.once('exit', died);
      this.#child.once('message', (message) => {
        this.#child.off('exit', died);
        const reply = message as Reply; // only worker.ts has the other end
        if ('error' in reply) reject(new Error(`${command}: ${reply.error}`));
        else resolve(reply.value as Commands[Name]['reply']);
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
