import type { Outcome } from './tally.ts';

/** One result of a TAP stream. */
export interface TapResult {
  readonly outcome: Outcome;
  readonly title: string;
  /** The lines below the result: what went wrong, and what the test logged. */
  readonly details: readonly string[];
}

const RESULT = /^(ok|not ok)(?: \d+)?(?: - )?(.*?)( # (?:SKIP|TODO).*)?$/;

/**
 * Reads TAP (version 13, as AVA writes it) line by line. A result is given out when its details are complete, so
 * with the line that begins the next one, or at the end.
 */
export class TapReader {
  readonly #onResult: (result: TapResult) => void;
  #current: { outcome: Outcome; title: string; details: string[] } | undefined;

  constructor(onResult: (result: TapResult) => void) {
    this.#onResult = onResult;
  }

  line(line: string): void {
    const [, status, title = '', directive] = RESULT.exec(line) ?? [];
    if (status !== undefined) {
      this.end();
      this.#current = { outcome: outcomeOf(status, directive), title, details: [] };
    } else if (line.startsWith('  ') || line === '') {
      this.#current?.details.push(line);
    } else if (!line.startsWith('#')) {
      this.end();
    }
  }

  end(): void {
    if (this.#current !== undefined) this.#onResult(this.#current);
    this.#current = undefined;
  }
}

function outcomeOf(status: string, directive: string | undefined): Outcome {
  if (directive !== undefined) return 'skipped';
  return status === 'ok' ? 'passed' : 'failed';
}
