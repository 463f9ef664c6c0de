import { summaryLine, type Tally } from './tally.ts';

// What AVA puts between the path of a file and the title of a test; plain where the terminal knows no more.
const SEPARATOR = / [›>] /;

/**
 * Shows how far the tests are: on a terminal a line that changes, elsewhere a line when the first result of a file
 * arrives, with the counts so far.
 */
export class Progress {
  readonly #start = performance.now();
  readonly #isLive = process.stdout.isTTY === true && process.env['CI'] === undefined;
  readonly #seen = new Set<string>();

  update(title: string, tally: Tally): void {
    const file = fileOf(title);
    const text = `${this.#seconds()}  ${summaryLine(tally)}  ${file}`;
    if (this.#isLive) process.stdout.write(`\r\x1b[K${text.slice(0, process.stdout.columns - 1)}`);
    else if (!this.#seen.has(file)) process.stdout.write(`${text}\n`);
    this.#seen.add(file);
  }

  print(text: string): void {
    if (this.#isLive) process.stdout.write('\r\x1b[K');
    process.stdout.write(`${text}\n`);
  }

  end(): void {
    this.print(`${this.#seconds()}  tests ended`);
  }

  #seconds(): string {
    return `${((performance.now() - this.#start) / 1000).toFixed(1).padStart(6)} s`;
  }
}

/** `lab › network › pods reach each other` is of the file lab/network. */
function fileOf(title: string): string {
  return title.split(SEPARATOR).slice(0, -1).join('/');
}
