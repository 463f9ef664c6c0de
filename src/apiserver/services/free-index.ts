/**
 * A free place of a row: one in the upper band at random, or the next free one after it; the lower band, which users pick
 * from by hand, only when the upper is full. Undefined if all are taken.
 * Source: pkg/registry/core/service/ipallocator and portallocator (ServiceIPStaticSubrange, ServiceNodePortStaticSubrange).
 */
export function freeIndex(
  size: number,
  lowerBand: number,
  random: () => number,
  isFree: (index: number) => boolean,
): number | undefined {
  return freeBetween(lowerBand, size, random, isFree) ?? freeBetween(0, lowerBand, random, isFree);
}

function freeBetween(
  start: number,
  end: number,
  random: () => number,
  isFree: (index: number) => boolean,
): number | undefined {
  const count = end - start;
  const first = Math.floor(random() * count);
  for (let step = 0; step < count; step++) {
    const index = start + ((first + step) % count);
    if (isFree(index)) return index;
  }
  return undefined;
}

/** Places of a row that are left to users: `size / divisor`, but within the given bounds. */
export function lowerBandOf(size: number, divisor: number, most: number): number {
  return Math.min(size, Math.min(Math.max(16, Math.floor(size / divisor)), most));
}
