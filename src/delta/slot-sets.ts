import { listOf, type SlotSet, siblingKey } from '../forwarding/frontend.ts';
import {
  groupOf,
  MAX_AFFINITY_NUMBERS,
  numberInGroup,
  type ProgrammedAffinity,
  type ProgrammedSlotSet,
  type TableIds,
} from './programmed-table.ts';
import { arrangeSlots } from './slots.ts';

/** Slot sets as they will be when the changes found so far are in the kernel. */
export type Upcoming = (key: string) => ProgrammedSlotSet | undefined;

/** The next state of a slot set; `before` itself if it already is as wanted. */
export function programSlotSet(
  before: ProgrammedSlotSet | undefined,
  wanted: SlotSet,
  upcoming: Upcoming,
  ids: TableIds,
): ProgrammedSlotSet {
  const hasAffinity = wanted.affinitySeconds !== undefined;
  // With and without affinity are different sets: endpoints are found by other ways.
  const known = (before?.affinity !== undefined) === hasAffinity ? before : undefined;
  const slots = arrangeSlots(known?.slots ?? [], wanted.endpoints);
  if (wanted.affinitySeconds === undefined) {
    if (known !== undefined && known.slots === slots) return known;
    return { id: known?.id ?? ids.slotSets.take(), slots, affinity: undefined };
  }
  return programAffinity(
    wanted.key,
    wanted.affinitySeconds,
    known,
    slots,
    upcoming(siblingKey(wanted.key)),
    ids,
  );
}

function programAffinity(
  key: string,
  seconds: number,
  known: ProgrammedSlotSet | undefined,
  slots: readonly string[],
  sibling: ProgrammedSlotSet | undefined,
  ids: TableIds,
): ProgrammedSlotSet {
  if (known !== undefined && known.slots === slots && known.affinity?.seconds === seconds) return known;
  const relative = sibling?.affinity === undefined ? undefined : sibling;
  const owner = known ?? relative;
  const group = owner === undefined ? ids.affinityGroups.take() : groupOf(owner.id);
  const id = numberInGroup(group, listOf(key));
  return { id, slots, affinity: { seconds, ...numberEndpoints(slots, known, relative) } };
}

/** An endpoint that the set or its sibling knows keeps its number; newcomers get free ones. */
function numberEndpoints(
  slots: readonly string[],
  known: ProgrammedSlotSet | undefined,
  sibling: ProgrammedSlotSet | undefined,
): Pick<ProgrammedAffinity, 'numbers' | 'next'> {
  const numberOf = new Map([...numberedEndpoints(known), ...numberedEndpoints(sibling)]);
  let next = Math.max(known?.affinity?.next ?? 0, sibling?.affinity?.next ?? 0);
  const kept = new Set(sibling?.affinity?.numbers);
  for (const endpoint of slots) {
    const number = numberOf.get(endpoint);
    if (number !== undefined) kept.add(number);
  }
  const free = freeNumbers(next, new Set(numberOf.values()), kept);
  const numbers = slots.map((endpoint) => {
    const number = numberOf.get(endpoint);
    if (number !== undefined) return number;
    const newNumber = free.next().value;
    next = newNumber + 1;
    return newNumber;
  });
  return { numbers, next };
}

function numberedEndpoints(set: ProgrammedSlotSet | undefined): [string, number][] {
  const numbers = set?.affinity?.numbers ?? [];
  return numbers.map((number, slot) => [set?.slots[slot] ?? '', number]);
}

/**
 * Numbers that no endpoint has, round from `next` on, so that a number which was left is long unused. If that is not enough,
 * those that endpoints leave just now, and then numbers beyond the limit, which a backend refuses.
 */
function* freeNumbers(
  next: number,
  known: ReadonlySet<number>,
  kept: ReadonlySet<number>,
): Generator<number, never> {
  for (let step = 0; step < MAX_AFFINITY_NUMBERS; step++) {
    const number = (next + step) % MAX_AFFINITY_NUMBERS;
    if (!known.has(number)) yield number;
  }
  for (const number of known) if (!kept.has(number)) yield number;
  for (let number = MAX_AFFINITY_NUMBERS; ; number++) yield number;
}
