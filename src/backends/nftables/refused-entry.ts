import { PROTOCOLS } from '../../api/objects.ts';
import type { Delta } from '../../delta/delta.ts';
import { frontendKey } from '../../forwarding/frontend.ts';
import { PUT, type SetLayout } from '../../native/addon.ts';
import { addressText } from '../../net/address.ts';
import { PROTOCOL_NUMBER } from '../row-words.ts';
import { keyWidthOf, widthOf } from './decode.ts';
import { SET } from './layout.ts';
import { affinitySetOf, groupOfEndpoint, plainSetOf, sourceListOf } from './words.ts';

/** The key of the entry of `delta` that a row of its rows belongs to, or undefined if it belongs to none. */
export function entryOfRow(
  delta: Delta,
  layouts: readonly SetLayout[],
  rows: Uint32Array,
  row: number,
): string | undefined {
  let offset = 0;
  for (let index = 0; offset < rows.length; index++) {
    const header = rows[offset] ?? 0;
    const set = header & 0xffff;
    const layout = layouts[set];
    if (layout === undefined) return undefined;
    const keyWords = keyWidthOf(layout);
    const key = rows.subarray(offset + 1, offset + 1 + keyWords);
    if (index === row) return entryOfKey(delta, set, layout, key);
    offset += 1 + keyWords + (header >>> 16 === PUT ? widthOf(layout.data) : 0);
  }
  return undefined;
}

function entryOfKey(delta: Delta, set: number, layout: SetLayout, key: Uint32Array): string | undefined {
  const word = key[0] ?? 0;
  switch (set) {
    case SET.clusterIPs:
    case SET.hairpins:
      return undefined;
    case SET.slots:
      return slotSetKey(delta, false, (id) => id === plainSetOf(word));
    case SET.affinitySlots:
      return slotSetKey(delta, true, (id) => id === affinitySetOf(word));
    case SET.affinityEndpoints:
    case SET.affinityEndpointsLocal: {
      const id = groupOfEndpoint(word) * 2 + (set === SET.affinityEndpoints ? 0 : 1);
      return slotSetKey(delta, true, (other) => other === id);
    }
    case SET.sources:
      return sourceListKey(delta, word);
    default:
      return frontendKeyOf(layout, key);
  }
}

function slotSetKey(delta: Delta, hasAffinity: boolean, isIt: (id: number) => boolean): string | undefined {
  const change = delta.slotSets.find(({ before, after }) =>
    [before, after].some(
      (set) => set !== undefined && (set.affinity !== undefined) === hasAffinity && isIt(set.id),
    ),
  );
  return change?.key;
}

function sourceListKey(delta: Delta, word: number): string | undefined {
  const list = sourceListOf(word);
  const change = delta.sourceLists.find(({ before, after }) => (after ?? before)?.id === list);
  return change?.key;
}

function frontendKeyOf(layout: SetLayout, key: Uint32Array): string | undefined {
  const width = widthOf(layout.key) - 2;
  const protocol = PROTOCOLS.find((name) => PROTOCOL_NUMBER[name] === key[width]);
  const address = width === 0 ? undefined : addressText([...key.subarray(0, width)]);
  return protocol && frontendKey(address, protocol, key[width + 1] ?? 0);
}
