import { widthOf } from '../../src/backends/nftables/decode.ts';
import { PUT, rowHead, type SetLayout } from '../../src/native/addon.ts';

/**
 * Sets of elements that take rows as strictly as the kernel: deleting what is absent, putting what is there and
 * ranges that overlap are errors. Not a fake of nftables' rules.
 */
export class FakeKernel {
  readonly #layouts: readonly SetLayout[];
  readonly #sets: Map<string, number[]>[];

  constructor(layouts: readonly SetLayout[]) {
    this.#layouts = layouts;
    this.#sets = layouts.map(() => new Map());
  }

  commit(rows: Uint32Array): void {
    let offset = 0;
    while (offset < rows.length) {
      const header = rows[offset] ?? 0;
      offset += 1 + this.#take(header >>> 16, header & 0xffff, rows.subarray(offset + 1));
    }
  }

  /** All elements as put rows, as the addon reads them. */
  elements(): Uint32Array[] {
    return this.#sets.map((set, index) => {
      const rows = [...set].flatMap(([key, data]) => [rowHead(PUT, index), ...wordsOf(key), ...data]);
      return Uint32Array.from(rows);
    });
  }

  /** Puts or deletes behind the back of whoever commits. */
  tamper(set: number, key: readonly number[], data?: readonly number[]): void {
    if (data === undefined) this.#sets[set]?.delete(key.join(' '));
    else this.#sets[set]?.set(key.join(' '), [...data]);
  }

  #take(verb: number, index: number, words: Uint32Array): number {
    const layout = this.#layouts[index];
    const set = this.#sets[index];
    if (layout === undefined || set === undefined) throw new Error(`no set ${index}`);
    const width = keyWidth(layout);
    const key = words.subarray(0, width).join(' ');
    if (verb === PUT) {
      const isTaken = layout.interval
        ? [...set.keys()].some((other) => overlaps(wordsOf(other), wordsOf(key)))
        : set.has(key);
      if (isTaken) throw new Error(`EEXIST: ${layout.name} ${key}`);
      set.set(key, [...words.subarray(width, width + widthOf(layout.data))]);
      return width + widthOf(layout.data);
    }
    if (!set.delete(key)) throw new Error(`ENOENT: ${layout.name} ${key}`);
    return width;
  }
}

/** Words of the key of an element in a row: ranges have a first and a last key. */
export function keyWidth({ key, interval }: SetLayout): number {
  return widthOf(key) * (interval === true ? 2 : 1);
}

function wordsOf(key: string): number[] {
  return key.split(' ').map(Number);
}

/** Whether two ranges of a list and an address have a key in common. */
function overlaps(a: readonly number[], b: readonly number[]): boolean {
  const half = a.length / 2;
  const [firstOfA, lastOfA, firstOfB, lastOfB] = [
    a.slice(0, half),
    a.slice(half),
    b.slice(0, half),
    b.slice(half),
  ];
  return compare(firstOfA, lastOfB) <= 0 && compare(firstOfB, lastOfA) <= 0;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((word, index) => word !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
