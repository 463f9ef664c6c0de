/**
 * Places endpoints in slots with as few writes as possible: whoever stands below the new length keeps its
 * slot, the gaps are filled by those from beyond the new length and by newcomers.
 *
 *     slots   a b c d e     endpoints  a b d e     (c leaves: one slot is rewritten, the last one goes)
 *     result  a b e d
 *
 * `endpoints` are unique. Returns `slots` itself if nothing changes. O(endpoints of this frontend); where the two
 * agree place by place, as after most changes, their strings are not even looked at.
 */
export function arrangeSlots(slots: readonly string[], endpoints: readonly string[]): readonly string[] {
  if (slots.length === 0) return endpoints.length === 0 ? slots : endpoints;
  const { length } = endpoints;
  const differing = differingPlaces(slots, endpoints);
  const unplaced = new Set<string>();
  for (const place of differing) unplaced.add(endpoints[place] ?? '');
  const gaps = differing.filter((place) => !unplaced.delete(slots[place] ?? ''));
  if (gaps.length === 0 && slots.length === length) return slots;
  const arranged = slots.slice(0, length);
  const newcomers = unplaced.values();
  for (const slot of gaps) arranged[slot] = newcomers.next().value ?? '';
  return arranged;
}

/** Places below the new length at which the two differ; a slot beyond the old length differs from anything. */
function differingPlaces(slots: readonly string[], endpoints: readonly string[]): number[] {
  const places: number[] = [];
  for (let place = 0; place < endpoints.length; place++) {
    if (slots[place] !== endpoints[place]) places.push(place);
  }
  return places;
}
