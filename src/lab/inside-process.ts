import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { IP } from './command.ts';

const KEPT_LINES = 20;
const STOP_MS = 3000;

interface Events {
  line: [line: string, time: number];
  exit: [reason: string];
}

/** A long-lived program inside a namespace whose output is followed line by line. */
export class InsideProcess {
  readonly events = new EventEmitter<Events>();
  readonly #child: ChildProcess;
  readonly #lastLines: string[] = [];
  #exit: string | undefined;

  constructor(namespace: string, program: string, args: readonly string[]) {
    // setpriv ends it with this process, should that be killed. `detached`: Ctrl-C is for us, we stop it in order.
    const command = ['--pdeathsig', 'KILL', IP, 'netns', 'exec', namespace, program, ...args];
    this.#child = spawn('/usr/bin/setpriv', command, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) createInterface(stream).on('line', (line) => this.#take(line));
    }
    this.#child.once('error', (error) => this.#end(error.message));
    this.#child.once('close', (code, signal) => this.#end(`${signal ?? `code ${code}`}`));
  }

  /** Why it ended, or undefined while it runs. */
  get exit(): string | undefined {
    return this.#exit;
  }

  /** The last lines that it printed. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  /**
   * Waits for a line that `matches`, from now on, and gives the time when it arrived. Rejects if the process ends
   * before, or after `timeoutMs`.
   */
  waitFor(what: string, matches: (line: string) => boolean, timeoutMs: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer);
        this.events.off('line', onLine).off('exit', onExit);
        act();
      };
      const onLine = (line: string, time: number): void => {
        if (matches(line)) finish(() => resolve(time));
      };
      const fail = (reason: string): void => finish(() => reject(this.#error(what, reason)));
      const onExit = (reason: string): void => fail(`it ended (${reason})`);
      const timer = setTimeout(() => fail(`not within ${timeoutMs / 1000} s`), timeoutMs);
      this.events.on('line', onLine).on('exit', onExit);
      if (this.#exit !== undefined) onExit(this.#exit);
    });
  }

  /** Asks it to end, and makes it end if it does not in time. */
  async stop(): Promise<void> {
    if (this.#exit !== undefined) return;
    const exited = once(this.events, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(timer);
  }

  #take(line: string): void {
    const time = performance.now();
    this.#lastLines.push(line);
    if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
    this.events.emit('line', line, time);
  }

  #end(reason: string): void {
    if (this.#exit !== undefined) return;
    this.#exit = reason;
    this.events.emit('exit', reason);
  }

  #error(what: string, reason: string): Error {
    const printed = this.#lastLines.map((line) => `    ${line}`).join('\n');
    return new Error(`Cannot see ${what}: ${reason}. It printed:\n${printed}`);
  }
}
