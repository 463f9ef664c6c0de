import { PROTOCOLS } from '../../api/objects.ts';
import type { ProgrammedFrontend, ProgrammedTable, ProgrammedTarget } from '../../delta/programmed-table.ts';
import { frontendKey } from '../../forwarding/frontend.ts';
import { EBPF_ACTION } from '../../native/addon.ts';
import type { AddressReader } from '../address-reader.ts';
import { foundSetKey } from '../found-slots.ts';
import { PROTOCOL_NUMBER } from '../row-words.ts';
import { type Row, TARGET_WORDS, UNSPECIFIED } from './rows.ts';
import type { Strays } from './strays.ts';

/** The frontends in the map: each tells all of itself, but not whether what it leads to is there. */
export class FoundFrontends {
  readonly #addresses: AddressReader;
  readonly #rows: Row[] = [];

  constructor(addresses: AddressReader) {
    this.#addresses = addresses;
  }

  take(row: Row): void {
    this.#rows.push(row);
  }

  /** The timeouts that frontends have for the slot sets with affinity that they lead to, by the number of the set. */
  timeouts(): ReadonlyMap<number, number> {
    const seconds = new Map<number, number>();
    for (const { data } of this.#rows) {
      for (const offset of [0, TARGET_WORDS]) {
        const [action, set, , timeout] = data.subarray(offset, offset + TARGET_WORDS);
        if (action === EBPF_ACTION.FORWARD && set !== undefined && timeout) seconds.set(set, timeout);
      }
    }
    return seconds;
  }

  /** Adds the whole frontends to a table that has the slot sets already. `lists` are the source lists in the kernel. */
  finish(table: ProgrammedTable, lists: { has(list: number): boolean }, strays: Strays): void {
    for (const row of this.#rows) {
      const frontend = this.#wholeFrontend(row, table, lists);
      if (frontend === undefined) strays.add(row);
      else {
        const { address, protocol, port } = frontend;
        table.frontends.set(frontendKey(address, protocol, port), frontend);
      }
    }
  }

  /** Undefined if a row is none of a frontend, or what it leads to is not there. */
  #wholeFrontend(
    { key, data }: Row,
    table: ProgrammedTable,
    lists: { has(list: number): boolean },
  ): ProgrammedFrontend | undefined {
    const { width } = this.#addresses;
    const text = this.#addresses.address(key.subarray(0, width));
    const address = text === UNSPECIFIED.IPv4 || text === UNSPECIFIED.IPv6 ? undefined : text;
    const protocol = PROTOCOLS.find((name) => PROTOCOL_NUMBER[name] === key[width]);
    const inside = targetOf(data.subarray(0, TARGET_WORDS), table);
    const hasOutside = data[TARGET_WORDS] !== EBPF_ACTION.NONE;
    const outside = hasOutside ? targetOf(data.subarray(TARGET_WORDS), table) : undefined;
    const list = data[2 * TARGET_WORDS] ?? 0;
    const isListWhole = list === 0 || lists.has(list - 1);
    if (protocol === undefined || inside === undefined || !isListWhole) return undefined;
    if (hasOutside && outside === undefined) return undefined;
    const sourceList = list === 0 ? undefined : list - 1;
    return { address, protocol, port: key[width + 1] ?? 0, inside, outside, sourceList };
  }
}

/**
 * A count or a timeout that is not that of the set makes no stray: it still forwards, and is written anew because it
 * differs from what is wanted.
 */
function targetOf(words: Uint32Array, table: ProgrammedTable): ProgrammedTarget | undefined {
  const [action, set = 0, count = 0, seconds = 0] = words;
  if (action === EBPF_ACTION.REJECT) return { action: 'reject' };
  if (action === EBPF_ACTION.DROP) return { action: 'drop' };
  const hasAffinity = seconds > 0;
  if (action !== EBPF_ACTION.FORWARD || !table.slotSets.has(foundSetKey(set, hasAffinity))) return undefined;
  return { action: 'forward', set, count, affinitySeconds: hasAffinity ? seconds : undefined };
}
