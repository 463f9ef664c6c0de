/**
 * nftables looks an endpoint up in steps: the frontend tells the slot set, and that with a drawn number the endpoint.
 * Between two lookups it needs a register, and `nft` gives rules none; so the packet's `priority` serves as one for the
 * first packet of a connection, and is set back to 0 in postrouting. This file says what the bits of such a word mean.
 *
 *     where to go   1 | slot set (26)                                     | 0 | class (4)
 *                   1 | group (17) | timeout (8)            | local (1)   | 1 | class (4)      with affinity
 *     an endpoint   0 | group (17) | number in the group (14)                                  with affinity
 *
 * Class 0 is nowhere: the packet is not translated. The class is the index of the size class plus one.
 */
import { MAX_AFFINITY_NUMBERS, type ProgrammedTarget } from '../../delta/programmed-table.ts';
import { classOf, MAX_SLOTS } from './layout.ts';

export const NOWHERE = 0;

const WHERE_FLAG = 0x8000_0000;
const AFFINITY_FLAG = 0x10;
const LOCAL_FLAG = 0x20;
const SET_SHIFT = 5;
const GROUP_SHIFT = 14;
const TIMEOUT_SHIFT = 6;

/** Different affinity timeouts that fit. */
export const MAX_TIMEOUTS = 256;

export const MASK = {
  where: WHERE_FLAG,
  class: 0xf,
  classAndAffinity: AFFINITY_FLAG | 0xf,
  plainSet: 0x7fff_ffe0,
  group: 0x7fff_c000,
  affinitySet: 0xffff_c020,
  timeoutAndLocal: 0x3fe0,
} as const;

/** The word of a frontend that forwards. `timeoutOf` gives the index of an affinity timeout. Throws RangeError if it has too many slots. */
export function whereWord(
  target: ProgrammedTarget & { action: 'forward' },
  timeoutOf: (seconds: number) => number,
): number {
  const { set, count, affinitySeconds } = target;
  if (count > MAX_SLOTS) throw new RangeError(`${count} endpoints, at most ${MAX_SLOTS} fit`);
  const where = WHERE_FLAG | (classOf(count) + 1);
  if (affinitySeconds === undefined) return (where | (set << SET_SHIFT)) >>> 0;
  const timeout = timeoutOf(affinitySeconds) << TIMEOUT_SHIFT;
  return (where | AFFINITY_FLAG | affinityBits(set) | timeout) >>> 0;
}

/** What a word of {@link whereWord} says, without trusting it; undefined if it is none. */
export function readWhere(
  word: number,
): { readonly set: number; readonly class: number; readonly timeout: number | undefined } | undefined {
  const size = (word & MASK.class) - 1;
  if ((word & WHERE_FLAG) === 0 || size < 0) return undefined;
  if ((word & AFFINITY_FLAG) === 0)
    return { set: (word & MASK.plainSet) >>> SET_SHIFT, class: size, timeout: undefined };
  return { set: affinitySetOf(word), class: size, timeout: (word >>> TIMEOUT_SHIFT) & (MAX_TIMEOUTS - 1) };
}

/** How `slots` names a slot set without affinity. */
export function plainSetWord(set: number): number {
  return set << SET_SHIFT;
}

export function plainSetOf(word: number): number {
  return word >>> SET_SHIFT;
}

/** How `affinity-slots` names a slot set. */
export function affinitySetWord(set: number): number {
  return (WHERE_FLAG | affinityBits(set)) >>> 0;
}

export function affinitySetOf(word: number): number {
  return (((word & MASK.group) >>> GROUP_SHIFT) << 1) | ((word & LOCAL_FLAG) === 0 ? 0 : 1);
}

/** How bindings name an endpoint of a group. Throws RangeError if the number does not fit. */
export function endpointWord(group: number, number: number): number {
  if (number >= MAX_AFFINITY_NUMBERS)
    throw new RangeError(`more than ${MAX_AFFINITY_NUMBERS} endpoints with affinity`);
  return (group << GROUP_SHIFT) | number;
}

export function groupOfEndpoint(word: number): number {
  return word >>> GROUP_SHIFT;
}

export function numberOfEndpoint(word: number): number {
  return word & (2 ** GROUP_SHIFT - 1);
}

/**
 * How `restricted` and `sources` name a list. In sets of ranges nft turns numbers into network byte order, as ranges need
 * it; the bytes of such a word read the same from both ends, so that it is one word everywhere.
 */
export function sourceListWord(list: number): number {
  const [low, high] = [list & 0xff, list >>> 8];
  return ((low << 24) | (high << 16) | (high << 8) | low) >>> 0;
}

/** The list of a word, or undefined if it is none of {@link sourceListWord}. */
export function sourceListOf(word: number): number | undefined {
  const list = word & 0xffff;
  return sourceListWord(list) === word ? list : undefined;
}

/** The key of `affinity-timeouts`. */
export function timeoutWord(timeout: number, list: 'cluster' | 'local'): number {
  return (timeout << TIMEOUT_SHIFT) | (list === 'local' ? LOCAL_FLAG : 0);
}

function affinityBits(set: number): number {
  return ((set >>> 1) << GROUP_SHIFT) | ((set & 1) === 0 ? 0 : LOCAL_FLAG);
}
