import { groupOf, listOfNumber } from '../delta/programmed-table.ts';
import { slotSetKey } from '../forwarding/frontend.ts';

/**
 * Clients may still be bound to endpoints that left before the table was read, whose numbers are not known. Numbers are
 * given in order, so those of the last so many are not given again soon.
 */
export const UNKNOWN_PAST = 1024;

/** What a kernel was found to hold, by slot set and slot number, which may have gaps. */
export type FoundSlots<Value> = Map<number, Map<number, Value>>;

export function slotsOf<Value>(sets: FoundSlots<Value>, set: number): Map<number, Value> {
  const known = sets.get(set);
  if (known !== undefined) return known;
  const slots = new Map<number, Value>();
  sets.set(set, slots);
  return slots;
}

/** Values of slots 0, 1, 2, ... up to the first gap. */
export function inOrder<Value>(slots: ReadonlyMap<number, Value>): Value[] {
  const values: Value[] = [];
  for (let slot = 0; ; slot++) {
    const value = slots.get(slot);
    if (value === undefined) return values;
    values.push(value);
  }
}

/** The key of a set that was found: nothing in a kernel tells whose it is. Both lists of a group are siblings. */
export function foundSetKey(id: number, hasAffinity: boolean): string {
  return hasAffinity ? slotSetKey(`#group ${groupOf(id)}`, listOfNumber(id)) : `#${id}`;
}
