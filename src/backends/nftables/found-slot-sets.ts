import { addSlotSet, groupOf, listOfNumber, type ProgrammedTable } from '../../delta/programmed-table.ts';
import type { AddressReader } from '../address-reader.ts';
import { type FoundSlots, foundSetKey, inOrder, slotsOf, UNKNOWN_PAST } from '../found-slots.ts';
import { SET } from './layout.ts';
import type { Strays } from './strays.ts';
import { affinitySetOf, groupOfEndpoint, numberOfEndpoint, plainSetOf } from './words.ts';

/** The elements of the slot sets in a kernel, put together. */
export class FoundSlotSets {
  readonly #addresses: AddressReader;
  readonly #slots: FoundSlots<string> = new Map();
  readonly #affinitySlots: FoundSlots<number> = new Map();
  /** Endpoints by word, of the Cluster lists and of the Local lists. */
  readonly #endpoints = { cluster: new Map<number, string>(), local: new Map<number, string>() };

  constructor(addresses: AddressReader) {
    this.#addresses = addresses;
  }

  /** Takes an element; false if its set is none of slots. */
  take(set: number, key: Uint32Array, data: Uint32Array): boolean {
    const [word = 0, slot = 0] = key;
    switch (set) {
      case SET.slots:
        slotsOf(this.#slots, word).set(slot, this.#addresses.endpoint(data));
        return true;
      case SET.affinitySlots:
        slotsOf(this.#affinitySlots, word).set(slot, data[0] ?? 0);
        return true;
      case SET.affinityEndpoints:
        this.#endpoints.cluster.set(word, this.#addresses.endpoint(data));
        return true;
      case SET.affinityEndpointsLocal:
        this.#endpoints.local.set(word, this.#addresses.endpoint(data));
        return true;
      default:
        return false;
    }
  }

  /**
   * Adds the whole sets to a table. `seconds` are the timeouts that frontends have for sets with affinity, by their
   * number; a set with affinity to which none leads has none, and is not whole.
   */
  finish(table: ProgrammedTable, seconds: ReadonlyMap<number, number>, strays: Strays): void {
    this.#judgePlainSlots(table, strays);
    this.#judgeAffinitySlots(table, seconds, strays);
    // What is left belongs to no slot.
    for (const word of this.#endpoints.cluster.keys()) strays.add(SET.affinityEndpoints, [word]);
    for (const word of this.#endpoints.local.keys()) strays.add(SET.affinityEndpointsLocal, [word]);
  }

  #judgePlainSlots(table: ProgrammedTable, strays: Strays): void {
    for (const [word, found] of this.#slots) {
      const slots = inOrder(found);
      if (slots.length === found.size) {
        const id = plainSetOf(word);
        addSlotSet(table, foundSetKey(id, false), { id, slots, affinity: undefined });
      } else {
        for (const slot of found.keys()) strays.add(SET.slots, [word, slot]);
      }
    }
  }

  #judgeAffinitySlots(table: ProgrammedTable, seconds: ReadonlyMap<number, number>, strays: Strays): void {
    for (const [word, found] of this.#affinitySlots) {
      const id = affinitySetOf(word);
      const timeout = seconds.get(id);
      const words = inOrder(found);
      const slots = words.flatMap((endpoint) => this.#numberedEndpoint(id, endpoint));
      if (timeout !== undefined && words.length === found.size && slots.length === found.size) {
        const numbers = words.map(numberOfEndpoint);
        const affinity = { seconds: timeout, numbers, next: Math.max(...numbers) + UNKNOWN_PAST };
        addSlotSet(table, foundSetKey(id, true), { id, slots, affinity });
        for (const endpoint of words) this.#endpointsOf(id).delete(endpoint);
      } else {
        for (const slot of found.keys()) strays.add(SET.affinitySlots, [word, slot]);
      }
    }
  }

  #numberedEndpoint(set: number, word: number): string[] {
    const endpoint = groupOfEndpoint(word) === groupOf(set) ? this.#endpointsOf(set).get(word) : undefined;
    return endpoint === undefined ? [] : [endpoint];
  }

  #endpointsOf(set: number): Map<number, string> {
    return this.#endpoints[listOfNumber(set)];
  }
}
