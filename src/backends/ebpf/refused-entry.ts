import { PROTOCOLS } from '../../api/objects.ts';
import type { Delta } from '../../delta/delta.ts';
import { frontendKey } from '../../forwarding/frontend.ts';
import { EBPF_ROW } from '../../native/addon.ts';
import type { Family } from '../../net/address.ts';
import { AddressReader } from '../address-reader.ts';
import { PROTOCOL_NUMBER } from '../row-words.ts';
import { type Row, rowsIn, UNSPECIFIED } from './rows.ts';

/** The key of the entry of `delta` that a row of its rows belongs to, or undefined if it belongs to none. */
export function entryOfRow(
  delta: Delta,
  family: Family,
  words: Uint32Array,
  index: number,
): string | undefined {
  const row = index < 0 ? undefined : rowsIn(words, family).drop(index).next().value;
  return row && entryOf(row, delta, family);
}

function entryOf({ kind, key }: Row, delta: Delta, family: Family): string | undefined {
  const [id = 0] = key;
  switch (kind) {
    case EBPF_ROW.SLOT:
      return slotSetKey(delta, false, id);
    case EBPF_ROW.AFFINITY_SLOT:
    case EBPF_ROW.AFFINITY_ENDPOINT:
      return slotSetKey(delta, true, id);
    case EBPF_ROW.SOURCE:
      return delta.sourceLists.find(({ before, after }) => (after ?? before)?.id === id)?.key;
    case EBPF_ROW.FRONTEND:
      return keyOfFrontend(key, family);
    default:
      return undefined;
  }
}

function slotSetKey({ slotSets }: Delta, hasAffinity: boolean, id: number): string | undefined {
  const change = slotSets.find(({ before, after }) =>
    [before, after].some((set) => set?.id === id && (set.affinity !== undefined) === hasAffinity),
  );
  return change?.key;
}

function keyOfFrontend(key: Uint32Array, family: Family): string | undefined {
  const addresses = new AddressReader(family);
  const text = addresses.address(key.subarray(0, addresses.width));
  const protocol = PROTOCOLS.find((name) => PROTOCOL_NUMBER[name] === key[addresses.width]);
  const address = text === UNSPECIFIED[family] ? undefined : text;
  return protocol && frontendKey(address, protocol, key[addresses.width + 1] ?? 0);
}
