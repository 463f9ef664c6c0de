import { listOf, type SlotSet, siblingKey } from '../forwarding/frontend.ts';
import {
  groupOf,
  MAX_AFFINITY_NUMBERS,
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
  const id = group * 2 + (listOf(key) === 'local' ? 1 : 0);
  return { id, slots, affinity: { seconds, ...numberEndpoints(slots, known, relative) } };
}

/** An endpoint that the set or its sibling knows keeps its number; newcomers get the next free ones. */
function numberEndpoints(
  slots: readonly string[],
  ...known: readonly (ProgrammedSlotSet | undefined)[]
): Pick<ProgrammedAffinity, 'numbers' | 'next'> {
  const numberOf = new Map<string, number>();
  let next = 0;
  for (const set of known) {
    for (const [slot, endpoint] of set?.slots.entries() ?? []) {
      const number = set?.affinity?.numbers[slot];
      if (number !== undefined) numberOf.set(endpoint, number);
    }
    next = Math.max(next, set?.affinity?.next ?? 0);
  }
  const used = new Set(numberOf.values());
  const numbers = slots.map((endpoint) => {
    const number = numberOf.get(endpoint);
    if (number !== undefined) return number;
    while (used.has(next % MAX_AFFINITY_NUMBERS)) next++;
    used.add(next % MAX_AFFINITY_NUMBERS);
    return next++ % MAX_AFFINITY_NUMBERS;
  });
  return { numbers, next };
}
