import type { Protocol } from '../../api/objects.ts';
import type { Delta, FrontendChange } from '../../delta/delta.ts';
import type { ProgrammedFrontend } from '../../delta/programmed-table.ts';
import { DELETE, PUT } from '../../native/addon.ts';
import { addressWords } from '../../net/address.ts';
import { ApplyError } from '../backend.ts';
import { classOf, MAX_SLOTS, SET } from './layout.ts';
import type { RowWriter, Verb, WordBuffer } from './row-writer.ts';

/** IP protocol numbers. Source: linux/in.h */
export const PROTOCOL_NUMBER: Record<Protocol, number> = { TCP: 6, UDP: 17, SCTP: 132 };

/**
 * Turns a delta into rows for the addon: one row for each element that really differs.
 * Throws {@link ApplyError} for a frontend that the layout cannot hold; the writer is then to be emptied.
 */
export function encodeDelta(delta: Delta, rows: RowWriter): void {
  for (const change of delta.frontends) {
    try {
      encodeFrontend(change, rows);
    } catch (cause) {
      throw cannotProgram(change.key, cause);
    }
  }
  for (const address of delta.clusterIPs.delete) encodeMember(rows, DELETE, SET.clusterIPs, [address]);
  for (const address of delta.clusterIPs.put) encodeMember(rows, PUT, SET.clusterIPs, [address]);
  for (const address of delta.hairpins.delete) encodeMember(rows, DELETE, SET.hairpins, [address, address]);
  for (const address of delta.hairpins.put) encodeMember(rows, PUT, SET.hairpins, [address, address]);
}

function cannotProgram(key: string, cause: unknown): ApplyError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ApplyError(`cannot program ${key}: ${reason}`, { code: 'EINVAL', frontend: key, cause });
}

function encodeFrontend({ before, after }: FrontendChange, rows: RowWriter): void {
  const frontend = after ?? before;
  if (frontend === undefined) return;
  const words = frontendWords(frontend);
  encodeDispatch(words, before, after, rows);
  encodeSlots(words, before?.slots ?? [], after?.slots ?? [], rows);
}

/** The set that a frontend is a member of says what happens to its packets. */
function encodeDispatch(
  words: readonly number[],
  before: ProgrammedFrontend | undefined,
  after: ProgrammedFrontend | undefined,
  rows: RowWriter,
): void {
  const from = before === undefined ? undefined : dispatchSet(before);
  const to = after === undefined ? undefined : dispatchSet(after);
  if (from === to) return;
  if (from !== undefined) pushAll(rows.row(DELETE, from), words);
  if (to !== undefined) pushAll(rows.row(PUT, to), words);
}

function dispatchSet({ action, slots }: ProgrammedFrontend): number {
  if (action === 'reject') return SET.noEndpoints;
  if (slots.length > MAX_SLOTS) throw new RangeError(`${slots.length} endpoints, at most ${MAX_SLOTS} fit`);
  return SET.firstClass + classOf(slots.length);
}

function encodeSlots(
  frontend: readonly number[],
  before: readonly string[],
  after: readonly string[],
  rows: RowWriter,
): void {
  const count = Math.max(before.length, after.length);
  for (let slot = 0; slot < count; slot++) {
    const old = before[slot];
    const endpoint = after[slot];
    if (old === endpoint) continue;
    if (old !== undefined) slotRow(rows, DELETE, frontend, slot);
    if (endpoint !== undefined) pushEndpoint(slotRow(rows, PUT, frontend, slot), endpoint);
  }
}

function slotRow(rows: RowWriter, verb: Verb, frontend: readonly number[], slot: number): WordBuffer {
  const row = rows.row(verb, SET.slots);
  pushAll(row, frontend);
  row.push(slot);
  return row;
}

function encodeMember(rows: RowWriter, verb: Verb, set: number, addresses: readonly string[]): void {
  const row = rows.row(verb, set);
  for (const address of addresses) pushAll(row, wordsOf(address));
}

/** The words of a frontend's key, with which every key of its elements begins. */
export function frontendWords(frontend: { address: string; protocol: Protocol; port: number }): number[] {
  const { address, protocol, port } = frontend;
  return [...wordsOf(address), PROTOCOL_NUMBER[protocol], port];
}

/** `10.244.1.7:8080` or `[fd00::7]:8080` */
function pushEndpoint(row: WordBuffer, endpoint: string): void {
  const colon = endpoint.lastIndexOf(':');
  const isBracketed = endpoint.charCodeAt(0) === 91;
  pushAll(row, wordsOf(isBracketed ? endpoint.slice(1, colon - 1) : endpoint.slice(0, colon)));
  row.push(Number(endpoint.slice(colon + 1)));
}

function wordsOf(address: string): readonly number[] {
  const words = addressWords(address);
  if (words === undefined) throw new TypeError(`address: "${address}" is not an IP address`);
  return words;
}

function pushAll(row: WordBuffer, words: readonly number[]): void {
  for (const word of words) row.push(word);
}
