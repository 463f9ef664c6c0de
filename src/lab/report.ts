import { styleText } from 'node:util';

const BAR_WIDTH = 40;

/** Where the lab writes: a terminal, a pipe or a test. */
export interface LabIo {
  readonly write: (text: string) => void;
  /** Whether a line can be written over. */
  readonly isTerminal: boolean;
}

export const STDOUT: LabIo = {
  write: (text) => void process.stdout.write(text),
  isTerminal: process.stdout.isTTY === true,
};

/** The lab's output, and whether all that it showed was right. */
export class Report {
  readonly #io: LabIo;
  #failures = 0;

  constructor(io: LabIo) {
    this.#io = io;
  }

  get failures(): number {
    return this.#failures;
  }

  heading(text: string): void {
    this.#io.write(`\n${styleText('bold', text)}\n`);
  }

  line(text = ''): void {
    this.#io.write(text === '' ? '\n' : `  ${text}\n`);
  }

  /** Says what was shown, and whether it was as expected. */
  check(what: string, problems: readonly string[]): void {
    const isOk = problems.length === 0;
    this.line(`${isOk ? styleText('green', '✓') : styleText('red', '✗')} ${what}`);
    for (const problem of problems) this.line(`    ${styleText('red', problem)}`);
    if (!isOk) this.#failures++;
  }

  /** A bar for each name. */
  bars(counts: Readonly<Record<string, number>>): void {
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    for (const [name, count] of Object.entries(counts).toSorted(([a], [b]) => a.localeCompare(b))) {
      const bar = '█'.repeat(Math.round((count / total) * BAR_WIDTH));
      this.line(
        `    ${name.padEnd(8)} ${styleText('cyan', bar.padEnd(BAR_WIDTH))} ${String(count).padStart(4)}`,
      );
    }
  }

  /** A line that the next one replaces, where that is possible; elsewhere nothing. */
  status(text: string): void {
    if (this.#io.isTerminal) this.#io.write(`\r\x1b[K  ${text}`);
  }
}
