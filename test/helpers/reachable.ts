import type {
  ProgrammedSlotSet,
  ProgrammedSourceList,
  ProgrammedTable,
} from '../../src/delta/programmed-table.ts';

/**
 * What a kernel can tell of a programmed table: entries that a frontend leads to, without what only memory knows. For
 * comparisons.
 */
export function reachable({ frontends, slotSets, sourceLists, clusterIPs, hairpins }: ProgrammedTable) {
  const targets = [...frontends.values()].flatMap(({ inside, outside }) => [inside, outside]);
  const sets = new Set(
    targets.flatMap((target) =>
      target?.action === 'forward' ? [nameOf(target.set, target.affinitySeconds)] : [],
    ),
  );
  const lists = new Set([...frontends.values()].map(({ sourceList }) => sourceList));
  return {
    frontends,
    slotSets: selected(slotSets, (set) => sets.has(nameOf(set.id, set.affinity?.seconds)), withoutMemory),
    sourceLists: selected(sourceLists, ({ id }) => lists.has(id), withSortedRanges),
    clusterIPs,
    hairpins,
  };
}

/** Keys of the slot sets and source lists that no frontend leads to: those of a frontend that two Services claim. */
export function unreachableKeys(table: ProgrammedTable): string[] {
  const { slotSets, sourceLists } = reachable(table);
  return [
    ...[...table.slotSets.keys()].filter((key) => !slotSets.has(key)),
    ...[...table.sourceLists.keys()].filter((key) => !sourceLists.has(key)),
  ];
}

/** With and without affinity are numbered apart. */
function nameOf(id: number, affinitySeconds: number | undefined): string {
  return affinitySeconds === undefined ? `plain ${id}` : `affinity ${id}`;
}

function selected<Entry, Shown>(
  entries: ReadonlyMap<string, Entry>,
  isReachable: (entry: Entry) => boolean,
  show: (entry: Entry) => Shown,
): Map<string, Shown> {
  return new Map(
    entries
      .entries()
      .filter(([, entry]) => isReachable(entry))
      .map(([key, entry]) => [key, show(entry)]),
  );
}

function withoutMemory({ id, slots, affinity }: ProgrammedSlotSet) {
  return { id, slots, affinity: affinity && { seconds: affinity.seconds, numbers: affinity.numbers } };
}

function withSortedRanges({ id, ranges }: ProgrammedSourceList) {
  return { id, ranges: ranges.toSorted() };
}
