import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** Built from native/bench. */
const FOLDER = fileURLToPath(new URL('../../../build/native/Release', import.meta.url));

const PROGRAMS = ['path-server', 'path-load', 'path-forget'] as const;

type Program = (typeof PROGRAMS)[number];

/** The file of a program that is not built, or undefined. */
export function missingProgram(): string | undefined {
  return PROGRAMS.map(fileOf).find((file) => !existsSync(file));
}

function fileOf(name: Program): string {
  return path.join(FOLDER, name);
}

export interface Place {
  readonly namespace: string;
  /** The CPU that it runs on; undefined is any. */
  readonly cpu: number | undefined;
}

/** A C program in a network namespace that answers each line with a line, and ends with its input. */
export class LineProgram {
  readonly #name: Program;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  #complaint = '';
  /** Rejects when the program ends by itself. */
  readonly #fate = Promise.withResolvers<never>();

  constructor(name: Program, args: readonly string[], { namespace, cpu }: Place) {
    this.#name = name;
    const pinned = cpu === undefined ? [] : ['taskset', '-c', `${cpu}`];
    const command = ['netns', 'exec', namespace, ...pinned, fileOf(name), ...args];
    this.#child = spawn('ip', command, { stdio: ['pipe', 'pipe', 'pipe'] });
    // What becomes of the program is seen at its output, which ends; a write that comes too late says nothing more.
    this.#child.stdin.on('error', () => {});
    this.#child.on('error', () => {});
    this.#child.once('close', () => this.#fate.reject(this.#endError('while it was needed')));
    this.#fate.promise.catch(() => {}); // Told to those who wait.
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint += text;
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Sends a line and gives the line that the program answers. */
  ask(command: string): Promise<string> {
    this.#child.stdin.write(`${command}\n`);
    return this.#next(`at "${command}"`);
  }

  /** The line that it prints by itself when it is ready. */
  ready(): Promise<string> {
    return this.#next('at its start');
  }

  /** Resolves when the process is gone. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'close');
    this.#child.stdin.end();
    await gone;
  }

  /** What `work` comes to, unless this program ends before. */
  during<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#fate.promise]);
  }

  async #next(when: string): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done !== true) return value;
    throw this.#endError(when);
  }

  #endError(when: string): Error {
    return new Error(`${this.#name} ended ${when}: ${this.#complaint.trim()}`);
  }
}
