import { DELETE } from '../../native/addon.ts';
import type { RowWriter } from './row-writer.ts';

/** Elements that belong to nothing whole: their deletions, as rows, and how many they are. */
export class Strays {
  readonly #rows: RowWriter;
  count = 0;

  constructor(rows: RowWriter) {
    this.#rows = rows;
  }

  add(set: number, key: Iterable<number>): void {
    this.count++;
    const row = this.#rows.row(DELETE, set);
    for (const word of key) row.push(word);
  }
}
