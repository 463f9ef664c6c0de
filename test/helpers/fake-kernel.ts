import { widthOf } from '../../src/backends/nftables/decode.ts';
import { DELETE, PUT, rowHead, type SetLayout } from '../../src/native/addon.ts';

/**
 * Sets of elements that take rows as strictly as the kernel: deleting what is absent and putting what is there
 * are errors. Not a fake of nftables' rules.
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
      const rows = [...set].flatMap(([key, data]) => [
        rowHead(PUT, index),
        ...key.split(' ').map(Number),
        ...data,
      ]);
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
    const keyWidth = widthOf(layout.key);
    const key = words.subarray(0, keyWidth).join(' ');
    if (set.has(key) === (verb === PUT))
      throw new Error(`${verb === PUT ? 'EEXIST' : 'ENOENT'}: ${layout.name} ${key}`);
    if (verb === DELETE) {
      set.delete(key);
      return keyWidth;
    }
    const width = keyWidth + widthOf(layout.data);
    set.set(key, [...words.subarray(keyWidth, width)]);
    return width;
  }
}
