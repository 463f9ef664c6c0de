import type { SlotSetChange } from '../../delta/delta.ts';
import { groupOf, type ProgrammedSlotSet } from '../../delta/programmed-table.ts';
import { DELETE, PUT } from '../../native/addon.ts';
import { pushEndpoint } from '../row-words.ts';
import type { WordBuffer } from '../word-buffer.ts';
import { MAX_SLOTS, SET } from './layout.ts';
import type { DeltaRows, RowWriter, Verb } from './row-writer.ts';
import { affinitySetWord, endpointWord, plainSetWord } from './words.ts';

/**
 * The elements of a slot set. Those of a set that goes, or gives way to another, are written to `retired`. Throws RangeError
 * if it has too many slots.
 */
export function encodeSlotSet({ before, after }: SlotSetChange, { rows, retired }: DeltaRows): void {
  const isSameSet =
    before?.id === after?.id && (before?.affinity === undefined) === (after?.affinity === undefined);
  if (isSameSet) {
    encodeSlots(before, after, rows);
    return;
  }
  encodeSlots(before, undefined, retired);
  encodeSlots(undefined, after, rows);
}

/** Both are of one set, if both are there. */
function encodeSlots(
  before: ProgrammedSlotSet | undefined,
  after: ProgrammedSlotSet | undefined,
  rows: RowWriter,
): void {
  const set = after ?? before;
  if (set === undefined) return;
  if ((after?.slots.length ?? 0) > MAX_SLOTS)
    throw new RangeError(`${after?.slots.length} endpoints, at most ${MAX_SLOTS} fit`);
  if (set.affinity === undefined) encodePlainSlots(set.id, before?.slots ?? [], after?.slots ?? [], rows);
  else encodeAffinitySlots(set.id, before, after, rows);
}

function encodePlainSlots(
  set: number,
  before: readonly string[],
  after: readonly string[],
  rows: RowWriter,
): void {
  const word = plainSetWord(set);
  const count = Math.max(before.length, after.length);
  for (let slot = 0; slot < count; slot++) {
    const old = before[slot];
    const endpoint = after[slot];
    if (old === endpoint) continue;
    if (old !== undefined) slotRow(rows, DELETE, SET.slots, word, slot);
    if (endpoint !== undefined) pushEndpoint(slotRow(rows, PUT, SET.slots, word, slot), endpoint);
  }
}

/** Slots hold the numbers of endpoints, and the numbers lead to the endpoints. */
function encodeAffinitySlots(
  set: number,
  before: ProgrammedSlotSet | undefined,
  after: ProgrammedSlotSet | undefined,
  rows: RowWriter,
): void {
  const word = affinitySetWord(set);
  const group = groupOf(set);
  const old = before?.affinity?.numbers ?? [];
  const now = after?.affinity?.numbers ?? [];
  for (let slot = 0; slot < Math.max(old.length, now.length); slot++) {
    const was = old[slot];
    const number = now[slot];
    if (was === number) continue;
    if (was !== undefined) slotRow(rows, DELETE, SET.affinitySlots, word, slot);
    if (number !== undefined)
      slotRow(rows, PUT, SET.affinitySlots, word, slot).push(endpointWord(group, number));
  }
  encodeNumbers(set, before, after, rows);
}

function encodeNumbers(
  set: number,
  before: ProgrammedSlotSet | undefined,
  after: ProgrammedSlotSet | undefined,
  rows: RowWriter,
): void {
  const kernelSet = (set & 1) === 0 ? SET.affinityEndpoints : SET.affinityEndpointsLocal;
  const old = endpointsByNumber(before);
  const now = endpointsByNumber(after);
  for (const [number, endpoint] of old) {
    if (now.get(number) !== endpoint) rows.row(DELETE, kernelSet).push(endpointWord(groupOf(set), number));
  }
  for (const [number, endpoint] of now) {
    if (old.get(number) === endpoint) continue;
    const row = rows.row(PUT, kernelSet);
    row.push(endpointWord(groupOf(set), number));
    pushEndpoint(row, endpoint);
  }
}

function endpointsByNumber(set: ProgrammedSlotSet | undefined): ReadonlyMap<number, string> {
  const endpoints = new Map<number, string>();
  for (const [slot, endpoint] of set?.slots.entries() ?? []) {
    const number = set?.affinity?.numbers[slot];
    if (number !== undefined) endpoints.set(number, endpoint);
  }
  return endpoints;
}

function slotRow(rows: RowWriter, verb: Verb, set: number, word: number, slot: number): WordBuffer {
  const row = rows.row(verb, set);
  row.push(word);
  row.push(slot);
  return row;
}
