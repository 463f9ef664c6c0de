import { addSourceList, emptyProgrammedTable, type ProgrammedTable } from '../../delta/programmed-table.ts';
import { EBPF_ROW } from '../../native/addon.ts';
import { type Family, parseCidr } from '../../net/address.ts';
import { cidrText } from '../../net/cidr.ts';
import { AddressReader } from '../address-reader.ts';
import { FoundFrontends } from './found-frontends.ts';
import { FoundSlotSets } from './found-slot-sets.ts';
import { type Row, rowsIn } from './rows.ts';
import type { Strays } from './strays.ts';

/**
 * Turns what the maps hold into a table, without trusting it: a row that belongs to nothing whole (a slot without its
 * neighbours, a frontend that leads to no slots, a protocol that is none) is a stray. Slot sets and source lists get keys of
 * their numbers; nothing there tells whose they are.
 */
export function decodeRows(words: Uint32Array, family: Family, strays: Strays): ProgrammedTable {
  const addresses = new AddressReader(family);
  const slotSets = new FoundSlotSets(addresses);
  const frontends = new FoundFrontends(addresses);
  const ranges = new Map<number, string[]>();
  const table = emptyProgrammedTable();
  for (const row of rowsIn(words, family)) {
    if (row.kind === EBPF_ROW.CLUSTER_IP) table.clusterIPs.add(addresses.address(row.key));
    else if (row.kind === EBPF_ROW.HAIRPIN) table.hairpins.add(addresses.address(row.key));
    else if (row.kind === EBPF_ROW.SOURCE) takeRange(row, addresses, ranges, strays);
    else if (row.kind === EBPF_ROW.FRONTEND) frontends.take(row);
    else slotSets.take(row);
  }
  slotSets.finish(table, frontends.timeouts(), strays);
  for (const [id, list] of ranges) addSourceList(table, `#${id}`, { id, ranges: list });
  frontends.finish(table, ranges, strays);
  return table;
}

function takeRange(row: Row, addresses: AddressReader, ranges: Map<number, string[]>, strays: Strays): void {
  const [list = 0, prefixLength = 0] = row.key;
  const text = `${addresses.address(row.key.subarray(2))}/${prefixLength}`;
  const range = parseCidr(text);
  // What is not written as we write it would not be found again.
  if (range === undefined || cidrText(range) !== text) {
    strays.add(row);
    return;
  }
  const known = ranges.get(list);
  if (known === undefined) ranges.set(list, [text]);
  else known.push(text);
}
