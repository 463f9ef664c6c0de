import { type DELETE, PUT, rowHead } from '../../native/addon.ts';

export type Verb = typeof PUT | typeof DELETE;

/**
 * Collects rows for the addon, sorted by verb and set: all deletes before all puts (an element whose data
 * changes is deleted and put), and rows of one set together (they share a netlink message).
 * Reused from one transaction to the next.
 */
export class RowWriter {
  readonly #deletes: WordBuffer[];
  readonly #puts: WordBuffer[];

  constructor(sets: number) {
    this.#deletes = Array.from({ length: sets }, () => new WordBuffer());
    this.#puts = Array.from({ length: sets }, () => new WordBuffer());
  }

  /** Starts a row; the caller pushes the words of its key and data. */
  row(verb: Verb, set: number): WordBuffer {
    const buffer = (verb === PUT ? this.#puts : this.#deletes)[set];
    if (buffer === undefined) throw new RangeError(`set: ${set} is not one of ${this.#puts.length} sets`);
    buffer.push(rowHead(verb, set));
    return buffer;
  }

  /** All rows since the last call. */
  take(): Uint32Array {
    let length = 0;
    for (const buffer of this.#deletes) length += buffer.length;
    for (const buffer of this.#puts) length += buffer.length;
    const rows = new Uint32Array(length);
    let offset = 0;
    for (const buffer of this.#deletes) offset += buffer.moveTo(rows, offset);
    for (const buffer of this.#puts) offset += buffer.moveTo(rows, offset);
    return rows;
  }
}

/**
 * The rows of a delta. What is `retired` is to be written in a transaction of its own, after `rows`: a packet that was
 * sent to a slot set just before the frontend left it still finds its slots.
 */
export interface DeltaRows {
  readonly rows: RowWriter;
  readonly retired: RowWriter;
}

/** Above this many words a buffer gives its memory back when it is emptied: it has served a full load. */
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

  /** Copies the words to `rows` and forgets them; returns how many they were. */
  moveTo(rows: Uint32Array, offset: number): number {
    const { length } = this;
    if (length === 0) return 0;
    rows.set(this.#words.subarray(0, length), offset);
    this.length = 0;
    if (this.#words.length > KEEP_WORDS) this.#words = new Uint32Array(64);
    return length;
  }
}
