import { type DELETE, PUT, rowHead } from '../../native/addon.ts';
import { WordBuffer } from '../word-buffer.ts';

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
