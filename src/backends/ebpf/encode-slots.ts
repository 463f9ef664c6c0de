import type { SlotSetChange } from '../../delta/delta.ts';
import { MAX_AFFINITY_NUMBERS, type ProgrammedSlotSet } from '../../delta/programmed-table.ts';
import { DELETE, EBPF_ROW, PUT, rowHead } from '../../native/addon.ts';
import { pushEndpoint } from '../row-words.ts';
import type { WordBuffer } from '../word-buffer.ts';

/** A slot's number is half a word of a key. */
const MAX_SLOTS = 2 ** 16;

/**
 * The slots of a set that differ. Deletions may stand before what takes their place: the addon deletes last. Throws RangeError
 * if the set has too many slots.
 */
export function encodeSlotSet({ before, after }: SlotSetChange, rows: WordBuffer): void {
  const isSameSet =
    before?.id === after?.id && (before?.affinity === undefined) === (after?.affinity === undefined);
  if (isSameSet) {
    encodeSlots(before, after, rows);
    return;
  }
  encodeSlots(before, undefined, rows);
  encodeSlots(undefined, after, rows);
}

/** Both are of one set, if both are there. */
function encodeSlots(
  before: ProgrammedSlotSet | undefined,
  after: ProgrammedSlotSet | undefined,
  rows: WordBuffer,
): void {
  const set = after ?? before;
  if (set === undefined) return;
  const count = after?.slots.length ?? 0;
  if (count > MAX_SLOTS) throw new RangeError(`${count} endpoints, at most ${MAX_SLOTS} fit`);
  if (set.affinity === undefined)
    encodeList(EBPF_ROW.SLOT, set.id, before?.slots ?? [], after?.slots ?? [], rows, pushEndpoint);
  else encodeAffinity(set.id, before, after, rows);
}

/** Slots hold the numbers of endpoints, and the numbers lead to the endpoints. */
function encodeAffinity(
  set: number,
  before: ProgrammedSlotSet | undefined,
  after: ProgrammedSlotSet | undefined,
  rows: WordBuffer,
): void {
  const old = before?.affinity?.numbers ?? [];
  const now = after?.affinity?.numbers ?? [];
  if (now.some((number) => number >= MAX_AFFINITY_NUMBERS))
    throw new RangeError(`more than ${MAX_AFFINITY_NUMBERS} endpoints with affinity`);
  encodeList(EBPF_ROW.AFFINITY_SLOT, set, old, now, rows, (row, number) => row.push(number));
  encodeNumbers(set, endpointsByNumber(before), endpointsByNumber(after), rows);
}

function encodeList<Value>(
  kind: number,
  set: number,
  before: readonly Value[],
  after: readonly Value[],
  rows: WordBuffer,
  push: (rows: WordBuffer, value: Value) => void,
): void {
  for (const [slot, value] of after.entries()) {
    if (before[slot] === value) continue;
    pushPlace(rows, PUT, kind, set, slot);
    push(rows, value);
  }
  for (let slot = after.length; slot < before.length; slot++) pushPlace(rows, DELETE, kind, set, slot);
}

function encodeNumbers(
  set: number,
  before: ReadonlyMap<number, string>,
  after: ReadonlyMap<number, string>,
  rows: WordBuffer,
): void {
  for (const [number, endpoint] of after) {
    if (before.get(number) === endpoint) continue;
    pushPlace(rows, PUT, EBPF_ROW.AFFINITY_ENDPOINT, set, number);
    pushEndpoint(rows, endpoint);
  }
  for (const number of before.keys())
    if (!after.has(number)) pushPlace(rows, DELETE, EBPF_ROW.AFFINITY_ENDPOINT, set, number);
}

function endpointsByNumber(set: ProgrammedSlotSet | undefined): ReadonlyMap<number, string> {
  const endpoints = new Map<number, string>();
  for (const [slot, number] of set?.affinity?.numbers.entries() ?? []) {
    const endpoint = set?.slots[slot];
    if (endpoint !== undefined) endpoints.set(number, endpoint);
  }
  return endpoints;
}

function pushPlace(
  rows: WordBuffer,
  verb: typeof PUT | typeof DELETE,
  kind: number,
  set: number,
  place: number,
): void {
  rows.push(rowHead(verb, kind));
  rows.push(set);
  rows.push(place);
}
