/** Verbs of a row, as the addon reads them from the upper half of a row's first word. */
export const VERB = { put: 1, delete: 2 } as const;

export type Verb = (typeof VERB)[keyof typeof VERB];

/**
 * Collects rows for the addon, sorted by verb and set: all deletes before all puts (an element whose data
 * changes is deleted and put), and rows of one set together (they share a netlink message).
 *
 * Reused from one transaction to the next, so that a small one allocates nothing.
 */
export class RowWriter {
  readonly #deletes: WordBuffer[];
  readonly #puts: WordBuffer[];
  #rows = new Uint32Array(1024);

  constructor(sets: number) {
    this.#deletes = Array.from({ length: sets }, () => new WordBuffer());
    this.#puts = Array.from({ length: sets }, () => new WordBuffer());
  }

  /** Starts a row; the caller pushes the words of its key and data. */
  row(verb: Verb, set: number): WordBuffer {
    const buffer = (verb === VERB.put ? this.#puts : this.#deletes)[set];
    if (buffer === undefined) throw new RangeError(`set: ${set} is not one of ${this.#puts.length} sets`);
    buffer.push((verb << 16) | set);
    return buffer;
  }

  /** All rows since the last call. A view that is valid until the next call. */
  take(): Uint32Array {
    const buffers = [...this.#deletes, ...this.#puts];
    const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    if (length > this.#rows.length) this.#rows = new Uint32Array(length * 2);
    let offset = 0;
    for (const buffer of buffers) {
      this.#rows.set(buffer.words(), offset);
      offset += buffer.length;
      buffer.clear();
    }
    return this.#rows.subarray(0, length);
  }
}

/** Above this many words a buffer gives its memory back when it is cleared: it has served a full load. */
const KEEP_WORDS = 16_384;

/** A growing array of 32-bit words. */
export class WordBuffer {
  #words = new Uint32Array(64);
  length = 0;

  push(word: number): void {
    if (this.length === this.#words.length) {
      const grown = new Uint32Array(this.length * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words[this.length++] = word;
  }

  words(): Uint32Array {
    return this.#words.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
    if (this.#words.length > KEEP_WORDS) this.#words = new Uint32Array(64);
  }
}
