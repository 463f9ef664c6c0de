/** Addresses, frontends and endpoints as the words of rows. */
import type { Protocol } from '../api/objects.ts';
import { addressWords } from '../net/address.ts';
import type { WordBuffer } from './word-buffer.ts';

/** IP protocol numbers. Source: linux/in.h */
export const PROTOCOL_NUMBER: Record<Protocol, number> = { TCP: 6, UDP: 17, SCTP: 132 };

/** The words of a frontend's key; a node port has no address. */
export function frontendWords(frontend: {
  address: string | undefined;
  protocol: Protocol;
  port: number;
}): number[] {
  const { address, protocol, port } = frontend;
  return [...(address === undefined ? [] : wordsOf(address)), PROTOCOL_NUMBER[protocol], port];
}

/** `10.244.1.7:8080` or `[fd00::7]:8080` */
export function pushEndpoint(row: WordBuffer, endpoint: string): void {
  const colon = endpoint.lastIndexOf(':');
  const isBracketed = endpoint.charCodeAt(0) === 91;
  pushAll(row, wordsOf(isBracketed ? endpoint.slice(1, colon - 1) : endpoint.slice(0, colon)));
  row.push(Number(endpoint.slice(colon + 1)));
}

export function wordsOf(address: string): readonly number[] {
  const words = addressWords(address);
  if (words === undefined) throw new TypeError(`address: "${address}" is not an IP address`);
  return words;
}

export function pushAll(row: WordBuffer, words: readonly number[]): void {
  for (const word of words) row.push(word);
}
