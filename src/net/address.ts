/**
 * IP addresses as canonical text and as 32-bit words.
 *
 * Canonical text is the identity of an address everywhere in nodeplane: dotted decimal without leading zeros
 * for IPv4, RFC 5952 for IPv6. Two spellings of one address therefore never become two endpoints.
 */

import { isCanonicalText } from './canonical-text.ts';
import { joined } from './joined.ts';

export type Family = 'IPv4' | 'IPv6';

export const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

/** The 32-bit words of an address, most significant first: one for IPv4, four for IPv6. */
export type AddressWords = readonly number[];

/** The family that canonical or raw address text is written in; it does not validate the address. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

/**
 * Canonical text of an IPv4 or IPv6 address, or undefined if it is none.
 *
 * Leading zeros in IPv4 octets are read as decimal (SVC-09). Zone ids and IPv4-mapped IPv6 addresses are
 * refused: neither can be the destination of a packet that a service proxy translates.
 */
export function canonicalAddress(text: string): string | undefined {
  if (isCanonicalText(text)) return text;
  const words = addressWords(text);
  if (words === undefined) return undefined;
  return words.length === 1 ? ipv4Text(words) : ipv6Text(words);
}

/** The words of an address, or undefined if the text is no address that {@link canonicalAddress} accepts. */
export function addressWords(text: string): AddressWords | undefined {
  if (text.includes(':')) return ipv6Words(text);
  const word = ipv4Word(text);
  return word === undefined ? undefined : [word];
}

const DIGIT_0 = 48;
const DOT = 46;

/**
 * The word of an IPv4 address that ends before `end`, or undefined if it is none.
 *
 * On the hot path (once for each slot that is written), hence a scan by character code, which leaves nothing behind.
 */
export function ipv4Word(text: string, end = text.length): number | undefined {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || ++dots > 3) return undefined;
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      continue;
    }
    const digit = code - DIGIT_0;
    if (digit < 0 || digit > 9) return undefined;
    octet = octet * 10 + digit;
    if (octet > 255) return undefined;
    digits++;
  }
  if (digits === 0 || dots !== 3) return undefined;
  return value * 256 + octet;
}

function ipv4Text(words: AddressWords): string {
  const word = words[0] ?? 0;
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

function ipv6Words(text: string): AddressWords | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const isShort = halves.length === 2;
  const head = ipv6Groups(halves[0] ?? '', !isShort);
  const tail = isShort ? ipv6Groups(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (isShort ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const words: number[] = [];
  for (let i = 0; i < 8; i += 2) words.push((groups[i] ?? 0) * 65536 + (groups[i + 1] ?? 0));
  const isMapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
  return isMapped ? undefined : words;
}

/** The 16-bit groups of a part of an address. The last group of the whole (`isEnd`) may be an IPv4 address: two groups. */
function ipv6Groups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (isEnd && index === parts.length - 1 && part.includes('.')) {
      const word = ipv4Word(part);
      if (word === undefined) return undefined;
      groups.push(word >>> 16, word & 0xffff);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups becomes "::". */
function ipv6Text(words: AddressWords): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  const run = longestZeroRun(groups);
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  if (run.length < 2) return hex(groups);
  return `${hex(groups.slice(0, run.start))}::${hex(groups.slice(run.start + run.length))}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}

/** Canonical address text of words as {@link addressWords} gives them. */
export function addressText(words: AddressWords): string {
  return words.length === 1 ? ipv4Text(words) : ipv6Text(words);
}

/** `10.244.1.7:8080`, `[fd00::7]:8080` */
export function withPort(address: string, port: number): string {
  return familyOf(address) === 'IPv6' ? joined('[', address, ']:', port) : joined(address, ':', port);
}

/** A CIDR: canonical network address (host bits cleared) and prefix length in bits. */
export interface Cidr {
  readonly family: Family;
  readonly address: string;
  readonly prefixLength: number;
}

/** Reads `address/prefix`, or undefined if it is no CIDR. Host bits are cleared; leading zeros as in {@link canonicalAddress}. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const words = addressWords(match?.[1] ?? '');
  if (words === undefined) return undefined;
  const prefixLength = Number(match?.[2]);
  if (prefixLength > words.length * 32) return undefined;
  const masked = words.map((word, index) => (word & maskOf(prefixLength - index * 32)) >>> 0);
  return { family: words.length === 1 ? 'IPv4' : 'IPv6', address: addressText(masked), prefixLength };
}

/** A 32-bit mask with the given number of leading ones, clamped to 0..32. */
function maskOf(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? 0xffffffff : (0xffffffff << (32 - bits)) >>> 0;
}
