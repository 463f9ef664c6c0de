import { type Row, rowsIn } from '../../src/backends/ebpf/rows.ts';
import { PUT, rowHead } from '../../src/native/addon.ts';
import type { Family } from '../../src/net/address.ts';

/** Maps that take rows as the addon does: a put replaces, deleting what is absent is nothing, a key comes once in a batch. */
export class FakeMaps {
  readonly #family: Family;
  readonly #rows = new Map<string, Row>();

  constructor(family: Family) {
    this.#family = family;
  }

  commit(words: Uint32Array): void {
    const written = new Set<string>();
    for (const row of rowsIn(words, this.#family)) {
      const name = nameOf(row);
      if (written.has(name)) throw new Error(`twice in a batch: ${name}`);
      written.add(name);
      // Of the kinds of rows only those without data look alike in both verbs.
      if (isPut(words, row)) this.#rows.set(name, row);
      else this.#rows.delete(name);
    }
  }

  /** All entries as put rows, as the addon reads them. */
  read(): Uint32Array {
    return Uint32Array.from(
      [...this.#rows.values()].flatMap(({ kind, key, data }) => [rowHead(PUT, kind), ...key, ...data]),
    );
  }

  get entries(): readonly Row[] {
    return [...this.#rows.values()];
  }

  /** Puts or deletes behind the back of whoever commits. */
  tamper({ kind, key }: Pick<Row, 'kind' | 'key'>, data?: Uint32Array): void {
    const row = { kind, key, data: data ?? new Uint32Array() };
    if (data === undefined) this.#rows.delete(nameOf(row));
    else this.#rows.set(nameOf(row), row);
  }
}

function nameOf({ kind, key }: Pick<Row, 'kind' | 'key'>): string {
  return `${kind} ${key.join(' ')}`;
}

/** The head of a row stands before its key. */
function isPut(words: Uint32Array, { key }: Row): boolean {
  const head = words[(key.byteOffset - words.byteOffset) / Uint32Array.BYTES_PER_ELEMENT - 1] ?? 0;
  return head >>> 16 === PUT;
}
