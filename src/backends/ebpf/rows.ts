import { EBPF_ROW, PUT } from '../../native/addon.ts';
import type { Family } from '../../net/address.ts';

/** A target is four words: action, set, count of slots, seconds of affinity or 0. */
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
    case EBPF_ROW.FRONTEND:
      return [addressWords + 2, 2 * TARGET_WORDS + 1];
    case EBPF_ROW.SLOT:
    case EBPF_ROW.AFFINITY_ENDPOINT:
      return [2, addressWords + 1];
    case EBPF_ROW.AFFINITY_SLOT:
      return [2, 1];
    case EBPF_ROW.SOURCE:
      return [addressWords + 2, 0];
    case EBPF_ROW.CLUSTER_IP:
    case EBPF_ROW.HAIRPIN:
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
