import { isObject } from '../objects.ts';

/**
 * The elements of a list in the order that `$setElementOrder` gives. Elements that it does not name stay behind the one
 * that they follow now.
 */
export function inOrder(
  list: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const keyOf = (it: unknown): unknown => (mergeKey !== undefined && isObject(it) ? it[mergeKey] : it);
  const ranks = new Map(order.map((it, rank) => [keyOf(it), rank]));
  let last = -1;
  const ranked = list.map((element) => {
    last = ranks.get(keyOf(element)) ?? last;
    return { element, rank: last };
  });
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ element }) => element);
}
