import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** Built from native/bench. */
const PROGRAM = fileURLToPath(new URL('../../../build/native/Release/update-floor', import.meta.url));

export function isFloorBuilt(): boolean {
  return existsSync(PROGRAM);
}

/** The same kernel operation from a C program, on a table of its own in the namespace: what no proxy can beat. */
export class FloorProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(namespace: string) {
    this.#child = spawn('ip', ['netns', 'exec', namespace, PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    // What becomes of the program is seen at its output, which ends; a write that comes too late says nothing more.
    this.#child.stdin.on('error', () => {});
    this.#child.on('error', () => {});
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Fills the map with as many elements as a proxy has slots. Microseconds for all of them. */
  async load(services: number, endpoints: number): Promise<number> {
    const answer = await this.#ask(`load ${services} ${endpoints}`);
    return Number(answer.replace('loaded ', '')) / 1000;
  }

  /** Replaces elements one by one, the next `gap` microseconds after the one before. Microseconds of each. */
  async change(count: number, gap: number): Promise<number[]> {
    const answer = await this.#ask(`change ${count} ${gap * 1000}`);
    return answer.split(' ').map((nanoseconds) => Number(nanoseconds) / 1000);
  }

  /** Resolves when the process is gone. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'close');
    this.#child.stdin.end();
    await gone;
  }

  async #ask(command: string): Promise<string> {
    this.#child.stdin.write(`${command}\n`);
    const { done, value } = await this.#lines.next();
    if (done === true) throw new Error(`update-floor ended at "${command}"`);
    return value;
  }
}
