import { DELETE, PUT, rowHead } from '../../native/addon.ts';
import type { Family } from '../../net/address.ts';
import type { WordBuffer } from '../word-buffer.ts';
import { type Row, rowsIn } from './rows.ts';

/** Entries of the maps that belong to nothing whole. They are deleted with the next delta. */
export class Strays {
  readonly #rows = new Map<string, Row>();

  get count(): number {
    return this.#rows.size;
  }

  add(row: Row): void {
    this.#rows.set(nameOf(row), row);
  }

  /** Adds their deletions to `rows`, but for those in whose place something is put. */
  writeTo(rows: WordBuffer, written: Uint32Array, family: Family): void {
    const left = new Map(this.#rows);
    for (const row of rowsIn(written, family)) left.delete(nameOf(row));
    for (const { kind, key } of left.values()) {
      rows.push(rowHead(DELETE, kind));
      for (const word of key) rows.push(word);
    }
  }
}

/** Equal for rows that cannot be in one batch. */
function nameOf({ kind, key }: Row): string {
  return `${rowHead(PUT, kind)} ${key.join(' ')}`;
}
