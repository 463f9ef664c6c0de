/** Addresses, frontends and endpoints as the words of rows. */
import type { Protocol } from '../api/objects.ts';
import { addressWords, ipv4Word } from '../net/address.ts';

/** IP protocol numbers. Source: linux/in.h */
export const PROTOCOL_NUMBER: Record<Protocol, number> = { TCP: 6, UDP: 17, SCTP: 132 };

/** A row, or a list: whatever takes words. */
interface Words {
  push(word: number): unknown;
}

interface FrontendKey {
  readonly address: string | undefined;
  readonly protocol: Protocol;
  readonly port: number;
}

/** The words of a frontend's key; a node port has no address. */
export function frontendWords(frontend: FrontendKey): number[] {
  const words: number[] = [];
  pushFrontend(words, frontend);
  return words;
}

export function pushFrontend(row: Words, { address, protocol, port }: FrontendKey): void {
  if (address !== undefined) pushAddress(row, address);
  row.push(PROTOCOL_NUMBER[protocol]);
  row.push(port);
}

/** `10.244.1.7:8080` or `[fd00::7]:8080` */
export function pushEndpoint(row: Words, endpoint: string): void {
  const colon = endpoint.lastIndexOf(':');
  const word = ipv4Word(endpoint, colon);
  const isBracketed = endpoint.charCodeAt(0) === 91;
  if (word !== undefined) row.push(word);
  else pushAddress(row, isBracketed ? endpoint.slice(1, colon - 1) : endpoint.slice(0, colon));
  row.push(Number(endpoint.slice(colon + 1)));
}

/** Throws TypeError if it is none. An IPv4 address, as most are, leaves no array behind. */
export function pushAddress(row: Words, address: string): void {
  const word = ipv4Word(address);
  if (word !== undefined) row.push(word);
  else pushAll(row, wordsOf(address));
}

function wordsOf(address: string): readonly number[] {
  const words = addressWords(address);
  if (words === undefined) throw new TypeError(`address: "${address}" is not an IP address`);
  return words;
}

export function pushAll(row: Words, words: readonly number[]): void {
  for (const word of words) row.push(word);
}
