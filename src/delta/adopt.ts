import type { WantedTable } from '../forwarding/forwarding-table.ts';
import type { Frontend, Target } from '../forwarding/frontend.ts';
import { listOf } from '../forwarding/frontend.ts';
import type { ProgrammedSlotSet, ProgrammedTable, ProgrammedTarget } from './programmed-table.ts';

/**
 * Gives the slot sets and source lists of a table that was read back the keys that `wanted` has for them.
 *
 * A kernel knows them by number only. What a frontend forwards to there is taken for what it is wanted to forward to:
 * the delta then alters it instead of writing all of it anew. Changes `programmed`.
 */
export function adopt(programmed: ProgrammedTable, wanted: WantedTable): void {
  const slotSets = new Renaming(programmed.slotSets, setName);
  const sourceLists = new Renaming(programmed.sourceLists, (list) => `${list.id}`);
  for (const [key, frontend] of wanted.frontends()) {
    const found = programmed.frontends.get(key);
    if (found === undefined) continue;
    for (const list of ['inside', 'outside'] as const) {
      const name = targetName(found[list], frontend[list]);
      if (name !== undefined) slotSets.rename(name, slotSetOf(frontend, list));
    }
    if (found.sourceList !== undefined && frontend.sourceList !== undefined)
      sourceLists.rename(`${found.sourceList}`, frontend.sourceList);
  }
}

function slotSetOf(frontend: Frontend, list: 'inside' | 'outside'): string {
  const target = frontend[list];
  return target?.action === 'forward' ? target.slotSet : '';
}

/** Tells sets with affinity from those without: they are numbered apart. */
function setName({ id, affinity }: Pick<ProgrammedSlotSet, 'id' | 'affinity'>): string {
  return affinity === undefined ? `plain ${id}` : `affinity ${id}`;
}

function targetName(found: ProgrammedTarget | undefined, wanted: Target | undefined): string | undefined {
  if (found?.action !== 'forward' || wanted?.action !== 'forward') return undefined;
  if (found.affinitySeconds === undefined) return `plain ${found.set}`;
  // The number says which list it is.
  return found.set % 2 === (listOf(wanted.slotSet) === 'local' ? 1 : 0) ? `affinity ${found.set}` : undefined;
}

/** Moves entries of a map to other keys, each entry and each key once. */
class Renaming<Entry> {
  readonly #entries: Map<string, Entry>;
  readonly #keyByName: Map<string, string>;

  constructor(entries: Map<string, Entry>, nameOf: (entry: Entry) => string) {
    this.#entries = entries;
    this.#keyByName = new Map(entries.entries().map(([key, entry]) => [nameOf(entry), key]));
  }

  rename(name: string, to: string): void {
    const from = this.#keyByName.get(name);
    const entry = from === undefined ? undefined : this.#entries.get(from);
    if (from === undefined || entry === undefined || this.#entries.has(to)) return;
    this.#keyByName.delete(name);
    this.#entries.delete(from);
    this.#entries.set(to, entry);
  }
}
