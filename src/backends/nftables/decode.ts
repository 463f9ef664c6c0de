import { addSourceList, emptyProgrammedTable, type ProgrammedTable } from '../../delta/programmed-table.ts';
import type { FieldType, SetLayout } from '../../native/addon.ts';
import type { Family } from '../../net/address.ts';
import { cidrOfRange, cidrText } from '../../net/cidr.ts';
import { AddressReader } from '../address-reader.ts';
import { FoundFrontends, type SecondsOf } from './found-frontends.ts';
import { FoundSlotSets } from './found-slot-sets.ts';
import { SET } from './layout.ts';
import type { RowWriter } from './row-writer.ts';
import { Strays } from './strays.ts';
import { sourceListOf } from './words.ts';

/** Elements of every set of the table, as the addon read them: rows by position of the set. */
export type Elements = readonly Uint32Array[];

/**
 * Turns the elements of a kernel into a table, without trusting them: an element that belongs to nothing whole (a slot
 * without its neighbours, a frontend that leads to no slots, a key that is no frontend) is a stray. Its deletion is
 * written to `strays`. Slot sets and source lists get keys of their numbers; nothing there tells whose they are.
 * Returns the table and the number of strays.
 */
export function decodeElements(
  family: Family,
  layouts: readonly SetLayout[],
  elements: Elements,
  strays: RowWriter,
  secondsOf: SecondsOf,
): { table: ProgrammedTable; strays: number } {
  const decoder = new Decoder(family, strays, secondsOf);
  for (const [set, rows] of elements.entries()) {
    const layout = layouts[set];
    if (layout !== undefined) decoder.takeSet(set, layout, rows);
  }
  return decoder.finish();
}

class Decoder {
  readonly #addresses: AddressReader;
  readonly #slotSets: FoundSlotSets;
  readonly #frontends: FoundFrontends;
  readonly #ranges = new Map<number, string[]>();
  readonly #table = emptyProgrammedTable();
  readonly #strays: Strays;

  constructor(family: Family, strays: RowWriter, secondsOf: SecondsOf) {
    this.#addresses = new AddressReader(family);
    this.#slotSets = new FoundSlotSets(this.#addresses);
    this.#frontends = new FoundFrontends(this.#addresses, secondsOf);
    this.#strays = new Strays(strays);
  }

  takeSet(set: number, layout: SetLayout, rows: Uint32Array): void {
    const keyWords = keyWidthOf(layout);
    const width = 1 + keyWords + widthOf(layout.data);
    for (let offset = 0; offset < rows.length; offset += width) {
      const row = rows.subarray(offset + 1, offset + width);
      this.#take(set, row.subarray(0, keyWords), row.subarray(keyWords));
    }
  }

  finish(): { table: ProgrammedTable; strays: number } {
    this.#slotSets.finish(this.#table, this.#frontends.timeouts(), this.#strays);
    for (const [id, ranges] of this.#ranges) addSourceList(this.#table, `#${id}`, { id, ranges });
    this.#frontends.finish(this.#table, this.#ranges, this.#strays);
    return { table: this.#table, strays: this.#strays.count };
  }

  #take(set: number, key: Uint32Array, data: Uint32Array): void {
    if (set === SET.clusterIPs) this.#table.clusterIPs.add(this.#addresses.address(key));
    else if (set === SET.hairpins) this.#takeHairpin(key);
    else if (set === SET.sources) this.#takeRange(key);
    else if (!this.#slotSets.take(set, key, data)) this.#frontends.take(set, key, data, this.#strays);
  }

  #takeHairpin(key: Uint32Array): void {
    const half = key.length / 2;
    const source = this.#addresses.address(key.subarray(0, half));
    if (source === this.#addresses.address(key.subarray(half))) this.#table.hairpins.add(source);
    else this.#strays.add(SET.hairpins, key);
  }

  #takeRange(key: Uint32Array): void {
    const half = key.length / 2;
    const list = key[0] === key[half] ? sourceListOf(key[0] ?? 0) : undefined;
    const cidr = cidrOfRange([...key.subarray(1, half)], [...key.subarray(half + 1)]);
    if (cidr === undefined || list === undefined) {
      this.#strays.add(SET.sources, key);
      return;
    }
    const ranges = this.#ranges.get(list) ?? [];
    this.#ranges.set(list, ranges);
    ranges.push(cidrText(cidr));
  }
}

/** Words that the key takes in a row. */
export function keyWidthOf({ key, interval }: SetLayout): number {
  return widthOf(key) * (interval === true ? 2 : 1);
}

/** Words that the fields take in a row. */
export function widthOf(fields: readonly FieldType[]): number {
  return fields.reduce((sum, field) => sum + (field === 'ipv6' ? 4 : 1), 0);
}
