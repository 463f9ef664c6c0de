import { PROTOCOLS, type Protocol } from '../../api/objects.ts';
import { emptyProgrammedTable, type ProgrammedTable } from '../../delta/programmed-table.ts';
import { frontendKey } from '../../forwarding/frontend.ts';
import { DELETE, type FieldType, type SetLayout } from '../../native/addon.ts';
import { addressText, type Family, withPort } from '../../net/address.ts';
import { frontendWords, PROTOCOL_NUMBER } from './encode.ts';
import { classOf, SET } from './layout.ts';
import type { RowWriter } from './row-writer.ts';

/** Elements of every set of the table, as the addon read them: rows by position of the set. */
export type Elements = readonly Uint32Array[];

/**
 * Turns the elements of a kernel into a table, without trusting them: an element that belongs to no whole
 * frontend (a slot without its neighbours, two size classes, a key that is no frontend) is a stray. Its
 * deletion is written to `strays`. Returns the table and the number of strays.
 */
export function decodeElements(
  family: Family,
  layouts: readonly SetLayout[],
  elements: Elements,
  strays: RowWriter,
): { table: ProgrammedTable; strays: number } {
  const decoder = new Decoder(family, strays);
  for (const [set, rows] of elements.entries()) {
    const layout = layouts[set];
    if (layout !== undefined) decoder.takeSet(set, layout, rows);
  }
  return decoder.finish();
}

/** Everything that the kernel holds under one frontend's key. */
interface Found {
  readonly address: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** Sets, other than slots, of which the frontend is a member. */
  readonly sets: number[];
  /** Endpoints by slot number, which may have gaps. */
  readonly slots: Map<number, string>;
}

class Decoder {
  readonly #family: Family;
  readonly #strayRows: RowWriter;
  readonly #table = emptyProgrammedTable();
  readonly #found = new Map<string, Found>();
  #strays = 0;

  constructor(family: Family, strays: RowWriter) {
    this.#family = family;
    this.#strayRows = strays;
  }

  takeSet(set: number, layout: SetLayout, rows: Uint32Array): void {
    const keyWords = widthOf(layout.key);
    const width = 1 + keyWords + widthOf(layout.data);
    for (let offset = 0; offset < rows.length; offset += width) {
      const row = rows.subarray(offset + 1, offset + width);
      this.#take(set, row.subarray(0, keyWords), row.subarray(keyWords));
    }
  }

  finish(): { table: ProgrammedTable; strays: number } {
    for (const [key, found] of this.#found) this.#judge(key, found);
    return { table: this.#table, strays: this.#strays };
  }

  #take(set: number, key: Uint32Array, data: Uint32Array): void {
    if (set === SET.clusterIPs) this.#table.clusterIPs.add(this.#address(key));
    else if (set === SET.hairpins) this.#takeHairpin(key);
    else this.#takeFrontendElement(set, key, data);
  }

  #takeHairpin(key: Uint32Array): void {
    const half = key.length / 2;
    const source = this.#address(key.subarray(0, half));
    if (source === this.#address(key.subarray(half))) this.#table.hairpins.add(source);
    else this.#stray(SET.hairpins, key);
  }

  #takeFrontendElement(set: number, key: Uint32Array, data: Uint32Array): void {
    const width = this.#addressWidth();
    const protocol = PROTOCOLS.find((name) => PROTOCOL_NUMBER[name] === key[width]);
    const port = key[width + 1];
    if (protocol === undefined || port === undefined) {
      this.#stray(set, key);
      return;
    }
    const found = this.#findOrAdd(this.#address(key.subarray(0, width)), protocol, port);
    const slot = key[width + 2];
    if (slot === undefined) found.sets.push(set);
    else found.slots.set(slot, this.#endpoint(data));
  }

  #findOrAdd(address: string, protocol: Protocol, port: number): Found {
    const key = frontendKey(address, protocol, port);
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const found = { address, protocol, port, sets: [], slots: new Map() };
    this.#found.set(key, found);
    return found;
  }

  #judge(key: string, found: Found): void {
    const { address, protocol, port } = found;
    const slots = slotsInOrder(found.slots);
    const expected = slots.length === 0 ? SET.noEndpoints : SET.firstClass + classOf(slots.length);
    const isWhole =
      found.sets.length === 1 && found.sets[0] === expected && slots.length === found.slots.size;
    const action = slots.length === 0 ? 'reject' : 'forward';
    if (isWhole) this.#table.frontends.set(key, { address, protocol, port, action, slots });
    else this.#strayFrontend(found);
  }

  #strayFrontend(found: Found): void {
    const words = frontendWords(found);
    for (const set of found.sets) this.#stray(set, words);
    for (const slot of found.slots.keys()) this.#stray(SET.slots, [...words, slot]);
  }

  #stray(set: number, key: Iterable<number>): void {
    this.#strays++;
    const row = this.#strayRows.row(DELETE, set);
    for (const word of key) row.push(word);
  }

  #endpoint(data: Uint32Array): string {
    const width = this.#addressWidth();
    return withPort(this.#address(data.subarray(0, width)), data[width] ?? 0);
  }

  #address(words: Uint32Array): string {
    return addressText([...words]);
  }

  #addressWidth(): number {
    return this.#family === 'IPv4' ? 1 : 4;
  }
}

/** Endpoints of slots 0, 1, 2, ... up to the first gap. */
function slotsInOrder(slots: ReadonlyMap<number, string>): string[] {
  const endpoints: string[] = [];
  for (let slot = 0; ; slot++) {
    const endpoint = slots.get(slot);
    if (endpoint === undefined) return endpoints;
    endpoints.push(endpoint);
  }
}

/** Words that the fields take in a row. */
export function widthOf(fields: readonly FieldType[]): number {
  return fields.reduce((sum, field) => sum + (field === 'ipv6' ? 4 : 1), 0);
}
