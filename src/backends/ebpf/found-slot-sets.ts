import { addSlotSet, type ProgrammedSlotSet, type ProgrammedTable } from '../../delta/programmed-table.ts';
import { EBPF_ROW } from '../../native/addon.ts';
import type { AddressReader } from '../address-reader.ts';
import { type FoundSlots, foundSetKey, inOrder, slotsOf, UNKNOWN_PAST } from '../found-slots.ts';
import type { Row } from './rows.ts';
import type { Strays } from './strays.ts';

/** The slots and endpoints in the maps, put together. */
export class FoundSlotSets {
  readonly #addresses: AddressReader;
  readonly #slots: FoundSlots<Row> = new Map();
  readonly #affinitySlots: FoundSlots<Row> = new Map();
  /** By their number, of each set. */
  readonly #endpoints: FoundSlots<Row> = new Map();

  constructor(addresses: AddressReader) {
    this.#addresses = addresses;
  }

  /** Takes a row of a slot or an endpoint. */
  take(row: Row): void {
    const sets = this.#setsOf(row.kind);
    const [set = 0, place = 0] = row.key;
    if (sets !== undefined) slotsOf(sets, set).set(place, row);
  }

  /**
   * Adds the whole sets to a table. `seconds` are the timeouts that frontends have for sets with affinity, by their
   * number; a set with affinity to which none leads has none, and is not whole.
   */
  finish(table: ProgrammedTable, seconds: ReadonlyMap<number, number>, strays: Strays): void {
    for (const [id, found] of this.#slots) {
      const slots = inOrder(found).map(({ data }) => this.#addresses.endpoint(data));
      if (slots.length === found.size)
        addSlotSet(table, foundSetKey(id, false), { id, slots, affinity: undefined });
      else for (const row of found.values()) strays.add(row);
    }
    for (const [id, found] of this.#affinitySlots)
      this.#judgeAffinity(id, found, seconds.get(id), table, strays);
    // What is left belongs to no slot.
    for (const endpoints of this.#endpoints.values()) for (const row of endpoints.values()) strays.add(row);
  }

  #judgeAffinity(
    id: number,
    found: ReadonlyMap<number, Row>,
    seconds: number | undefined,
    table: ProgrammedTable,
    strays: Strays,
  ): void {
    const set = seconds === undefined ? undefined : this.#affinitySet(id, found, seconds);
    if (set === undefined) {
      for (const row of found.values()) strays.add(row);
      return;
    }
    addSlotSet(table, foundSetKey(id, true), set);
    for (const number of set.affinity?.numbers ?? []) this.#endpoints.get(id)?.delete(number);
  }

  /** Undefined if it is not whole. */
  #affinitySet(id: number, found: ReadonlyMap<number, Row>, seconds: number): ProgrammedSlotSet | undefined {
    const numbers = inOrder(found).map(({ data }) => data[0] ?? 0);
    const slots = numbers.flatMap((number) => {
      const endpoint = this.#endpoints.get(id)?.get(number);
      return endpoint === undefined ? [] : [this.#addresses.endpoint(endpoint.data)];
    });
    if (numbers.length !== found.size || slots.length !== found.size) return undefined;
    return { id, slots, affinity: { seconds, numbers, next: Math.max(...numbers) + UNKNOWN_PAST } };
  }

  #setsOf(kind: number): FoundSlots<Row> | undefined {
    switch (kind) {
      case EBPF_ROW.SLOT:
        return this.#slots;
      case EBPF_ROW.AFFINITY_SLOT:
        return this.#affinitySlots;
      case EBPF_ROW.AFFINITY_ENDPOINT:
        return this.#endpoints;
      default:
        return undefined;
    }
  }
}
