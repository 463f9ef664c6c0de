/**
 * Places endpoints in slots with as few writes as possible: whoever stands below the new length keeps its
 * slot, the gaps are filled by those from beyond the new length and by newcomers.
 *
 *     slots   a b c d e     endpoints  a b d e     (c leaves: one slot is rewritten, the last one goes)
 *     result  a b e d
 *
 * Returns `slots` itself if nothing changes. O(endpoints of this frontend).
 */
export function arrangeSlots(slots: readonly string[], endpoints: readonly string[]): readonly string[] {
  const unplaced = new Set(endpoints);
  const length = unplaced.size;
  const gaps: number[] = [];
  for (let slot = 0; slot < length; slot++) {
    const endpoint = slots[slot];
    if (endpoint === undefined || !unplaced.delete(endpoint)) gaps.push(slot);
  }
  if (gaps.length === 0 && slots.length === length) return slots;
  const arranged = slots.slice(0, length);
  const newcomers = unplaced.values();
  for (const slot of gaps) {
    const { value } = newcomers.next();
    if (value !== undefined) arranged[slot] = value;
  }
  return arranged;
}
