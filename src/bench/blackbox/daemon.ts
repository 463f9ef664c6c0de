import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { monotonic } from '../source/clock.ts';
import { cagedCommand, READY_FD } from './cage.ts';
import { ControlGroup } from './control-group.ts';
import { filledIn, KUBECONFIG } from './daemon-command.ts';
import { memoryOf } from './memory-of.ts';
import { NODE } from './objects.ts';

const KEPT_LINES = 20;
const STOP_MS = 5000;

/** A daemon did not do what it is measured for. */
export class DaemonFailure extends Error {
  override readonly name = 'DaemonFailure';
  /** What it printed last. */
  readonly output: readonly string[];

  constructor(message: string, output: readonly string[]) {
    super(message);
    this.output = output;
  }
}

export interface DaemonOptions {
  /** With placeholders. */
  readonly command: string;
  /** The text of its kubeconfig. */
  readonly kubeconfig: string;
  /** File that stands for the network namespace of its node. */
  readonly network: string;
}

/** A program that is measured, with all that it starts. */
export class Daemon {
  /** Rejects when it ends before it was stopped. */
  readonly ended: Promise<never>;
  readonly #child: ChildProcess;
  readonly #group = new ControlGroup();
  readonly #lastLines: string[] = [];
  readonly #removeGroup = (): void => this.#group.remove();
  #isStopping = false;

  constructor({ command, kubeconfig, network }: DaemonOptions) {
    // Also runs when a signal or an uncaught error ends this process; see exitOnSignals().
    process.once('exit', this.#removeGroup);
    const cage = { network, controlGroup: this.#group.path };
    const [program, ...args] = cagedCommand(cage, filledIn(command));
    this.#child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      // Ctrl-C is for us: we stop it in order.
      detached: true,
      env: { ...process.env, KUBECONFIG, NODE_NAME: NODE, KUBECONFIG_TEXT: kubeconfig },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) createInterface(stream).on('line', (line) => this.#keep(line));
    }
    const { promise, reject } = Promise.withResolvers<never>();
    this.ended = promise;
    this.ended.catch(() => {}); // Told to whoever waits for something of it.
    this.#child.once('error', reject);
    // When all that it printed was read.
    this.#child.once('close', (code, signal) => {
      if (!this.#isStopping) reject(this.failure(`ended by itself (${signal ?? `code ${code}`})`));
    });
  }

  /** Resolves when all is there but the daemon itself. */
  async prepared(): Promise<void> {
    await Promise.race([once(this.#child.stdio[READY_FD] as Readable, 'data'), this.ended]);
  }

  /** Starts what is prepared; tells when. */
  start(): number {
    const startedAt = monotonic();
    this.#child.stdin?.end('go\n');
    return startedAt;
  }

  /** CPU time so far in microseconds, of all its processes. */
  cpuTime(): number {
    return this.#group.cpuTime();
  }

  /** Megabytes. */
  memory(): number {
    return memoryOf(this.#processes());
  }

  failure(what: string): DaemonFailure {
    return new DaemonFailure(what, [...this.#lastLines]);
  }

  /** Asks it to end, and ends it if it does not. Nothing of it is left. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const isRunning = this.#child.exitCode === null && this.#child.signalCode === null;
    const closed = isRunning ? once(this.#child, 'close') : undefined;
    const timer = setTimeout(this.#removeGroup, STOP_MS);
    for (const pid of this.#processes()) terminate(pid);
    await closed;
    clearTimeout(timer);
    this.#group.remove();
    process.off('exit', this.#removeGroup);
  }

  /** Without the one that waits for the first of them. */
  #processes(): number[] {
    return this.#group.processes().filter((pid) => pid !== this.#child.pid);
  }

  #keep(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
  }
}

function terminate(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    const hasEnded = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!hasEnded) throw error;
  }
}
