import { PUT } from '../../native/addon.ts';
import type { Family } from '../../net/address.ts';

/**
 * What a row is about, as {@link EbpfTable} of the addon wants it. A is the words of an address.
 *
 * | kind | key | data |
 * |---|---|---|
 * | frontend | A (0 is a node port), protocol, port | target inside, target outside, source list + 1 or 0 |
 * | slot | set, slot | A, port |
 * | affinitySlot | set, slot | number of the endpoint |
 * | affinityEndpoint | set, number | A, port |
 * | source | list, prefix length, A | |
 * | clusterIP, hairpin | A | |
 *
 * A target is four words: action, set, count of slots, seconds of affinity or 0.
 */
export const KIND = {
  frontend: 1,
  slot: 2,
  affinitySlot: 3,
  affinityEndpoint: 4,
  source: 5,
  clusterIP: 6,
  hairpin: 7,
} as const;

/** Words of a target: `none` is that of outsiders who fare as those inside do. */
export const ACTION = { none: 0, forward: 1, reject: 2, drop: 3 } as const;

export const TARGET_WORDS = 4;

/** The address by which the maps know node ports. */
export const UNSPECIFIED = { IPv4: '0.0.0.0', IPv6: '::' } as const;

export interface Row {
  readonly kind: number;
  readonly key: Uint32Array;
  /** Empty in a deletion. */
  readonly data: Uint32Array;
}

/** How many words key and data of a kind take. Throws RangeError for a kind that is none. */
export function widthsOf(kind: number, addressWords: number): readonly [key: number, data: number] {
  switch (kind) {
    case KIND.frontend:
      return [addressWords + 2, 2 * TARGET_WORDS + 1];
    case KIND.slot:
    case KIND.affinityEndpoint:
      return [2, addressWords + 1];
    case KIND.affinitySlot:
      return [2, 1];
    case KIND.source:
      return [addressWords + 2, 0];
    case KIND.clusterIP:
    case KIND.hairpin:
      return [addressWords, 0];
    default:
      throw new RangeError(`row: kind ${kind} is none`);
  }
}

/** The rows in `words`, one after the other. */
export function* rowsIn(words: Uint32Array, family: Family): Generator<Row> {
  const addressWords = family === 'IPv4' ? 1 : 4;
  for (let offset = 0; offset < words.length; ) {
    const head = words[offset] ?? 0;
    const kind = head & 0xffff;
    const [keyWords, dataWords] = widthsOf(kind, addressWords);
    const keyEnd = offset + 1 + keyWords;
    const end = head >>> 16 === PUT ? keyEnd + dataWords : keyEnd;
    yield { kind, key: words.subarray(offset + 1, keyEnd), data: words.subarray(keyEnd, end) };
    offset = end;
  }
}
