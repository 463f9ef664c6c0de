/**
 * A list with one more item. To be used where nearly all lists have one: made with its first item, a list has room for
 * exactly that, while V8 gives one that grows from nothing room for 17.
 */
export function appended<Item>(list: Item[] | undefined, item: Item): Item[] {
  if (list === undefined) return [item];
  list.push(item);
  return list;
}
