import type { WantedTable } from '../forwarding/forwarding-table.ts';
import { listOf, portIdOf, slotSetKey, type Target } from '../forwarding/frontend.ts';
import { groupOf, listOfNumber, type ProgrammedTable, type ProgrammedTarget } from './programmed-table.ts';

/**
 * Gives the slot sets and source lists of a table that was read back the keys that `wanted` has for them.
 *
 * A kernel knows them by number only. What a frontend forwards to there is taken for what it is wanted to forward to:
 * the delta then alters it instead of writing all of it anew. Changes `programmed`.
 */
export function adopt(programmed: ProgrammedTable, wanted: WantedTable): void {
  if (programmed.frontends.size === 0) return;
  const { slotSets } = programmed;
  const plainSets = new Renaming(slotSets, ({ id, affinity }) => (affinity === undefined ? id : undefined));
  const groups = new Renaming(slotSets, ({ id, affinity }) => affinity && groupOf(id));
  const sourceLists = new Renaming(programmed.sourceLists, ({ id }) => id);

  const adoptTarget = (found: ProgrammedTarget | undefined, target: Target | undefined): void => {
    if (found?.action !== 'forward' || target?.action !== 'forward') return;
    const { slotSet } = target;
    if (found.affinitySeconds === undefined) plainSets.rename(found.set, slotSet, () => slotSet);
    // The number of a set with affinity says which list it is; both lists of a group belong to one service port.
    else if (listOfNumber(found.set) === listOf(slotSet))
      groups.rename(groupOf(found.set), portIdOf(slotSet), ({ id }) =>
        slotSetKey(portIdOf(slotSet), listOfNumber(id)),
      );
  };
  for (const [key, { inside, outside, sourceList }] of wanted.frontends()) {
    const found = programmed.frontends.get(key);
    adoptTarget(found?.inside, inside);
    adoptTarget(found?.outside, outside);
    if (found?.sourceList !== undefined && sourceList !== undefined)
      sourceLists.rename(found.sourceList, sourceList, () => sourceList);
  }
}

/** Moves the entries that share a number to other keys. A number gets one owner, and an owner one number. */
class Renaming<Entry> {
  readonly #entries: Map<string, Entry>;
  readonly #keysByNumber = new Map<number, string[]>();
  readonly #owners = new Set<string>();

  /** Entries for which `numberOf` gives undefined stay where they are. */
  constructor(entries: Map<string, Entry>, numberOf: (entry: Entry) => number | undefined) {
    this.#entries = entries;
    for (const [key, entry] of entries) {
      const number = numberOf(entry);
      if (number === undefined) continue;
      this.#keysByNumber.set(number, [...(this.#keysByNumber.get(number) ?? []), key]);
    }
  }

  rename(number: number, owner: string, keyOf: (entry: Entry) => string): void {
    if (this.#owners.has(owner)) return;
    const entries = (this.#keysByNumber.get(number) ?? []).flatMap((from) => {
      const entry = this.#entries.get(from);
      return entry === undefined ? [] : [{ from, to: keyOf(entry), entry }];
    });
    if (entries.some(({ from, to }) => from !== to && this.#entries.has(to))) return;
    this.#keysByNumber.delete(number);
    this.#owners.add(owner);
    for (const { from } of entries) this.#entries.delete(from);
    for (const { to, entry } of entries) this.#entries.set(to, entry);
  }
}
