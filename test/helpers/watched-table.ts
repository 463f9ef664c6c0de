import { IdPool } from '../../src/delta/id-pool.ts';
import {
  addSlotSet,
  addSourceList,
  emptyProgrammedTable,
  groupOf,
  listOfNumber,
  MAX_AFFINITY_GROUPS,
  MAX_SLOT_SETS,
  type ProgrammedSlotSet,
  type ProgrammedTable,
} from '../../src/delta/programmed-table.ts';
import { listOf, siblingKey, slotSetKey } from '../../src/forwarding/frontend.ts';

/** A pool that tells which numbers are in use. */
class WatchedPool extends IdPool {
  readonly used = new Set<number>();

  override take(): number {
    const id = super.take();
    this.used.add(id);
    return id;
  }

  override reserve(id: number): void {
    super.reserve(id);
    this.used.add(id);
  }

  override release(id: number): void {
    super.release(id);
    this.used.delete(id);
  }
}

/** A programmed table whose numbers can be checked. */
export class WatchedTable {
  readonly #pools = {
    slotSets: new WatchedPool(MAX_SLOT_SETS),
    affinityGroups: new WatchedPool(MAX_AFFINITY_GROUPS),
    sourceLists: new WatchedPool(2 ** 16),
  };
  readonly table: ProgrammedTable = { ...emptyProgrammedTable(), ids: this.#pools };

  /** What is wrong with how its entries are numbered, a line for each fault. */
  faults(): string[] {
    const { slotSets, sourceLists } = this.table;
    const plain = [...slotSets.values()].filter(({ affinity }) => affinity === undefined);
    const bound = [...slotSets].filter(([, { affinity }]) => affinity !== undefined);
    const groups = bound.map(([, { id }]) => groupOf(id));
    return [
      ...unequal(
        'slot sets',
        plain.map(({ id }) => id),
        this.#pools.slotSets.used,
      ),
      ...unequal('affinity groups', [...new Set(groups)], this.#pools.affinityGroups.used),
      ...unequal(
        'source lists',
        [...sourceLists.values()].map(({ id }) => id),
        this.#pools.sourceLists.used,
      ),
      ...bound.flatMap(([key, set]) => groupFaults(key, set, slotSets)),
    ];
  }

  /** The same contents under other keys, as after a read-back: a kernel knows slot sets and source lists by number only. */
  forgetKeys(): WatchedTable {
    const forgetful = new WatchedTable();
    const { frontends, slotSets, sourceLists, clusterIPs, hairpins } = this.table;
    for (const [key, frontend] of frontends) forgetful.table.frontends.set(key, frontend);
    for (const set of slotSets.values()) addSlotSet(forgetful.table, nameOf(set), set);
    for (const list of sourceLists.values()) addSourceList(forgetful.table, `#${list.id}`, list);
    for (const address of clusterIPs) forgetful.table.clusterIPs.add(address);
    for (const address of hairpins) forgetful.table.hairpins.add(address);
    return forgetful;
  }
}

function nameOf({ id, affinity }: ProgrammedSlotSet): string {
  return affinity === undefined ? `#${id}` : slotSetKey(`#group ${groupOf(id)}`, listOfNumber(id));
}

function unequal(what: string, found: readonly number[], used: ReadonlySet<number>): string[] {
  const isSame = found.length === used.size && found.every((id) => used.has(id));
  return isSame ? [] : [`${what} ${found.toSorted()}, but in use are ${[...used].toSorted()}`];
}

/** The two lists of a service port are one group, nobody else is in it, and an endpoint has one number in both. */
function groupFaults(
  key: string,
  set: ProgrammedSlotSet,
  sets: ReadonlyMap<string, ProgrammedSlotSet>,
): string[] {
  const faults: string[] = [];
  if (listOfNumber(set.id) !== listOf(key)) faults.push(`${key} has the number ${set.id}`);
  for (const [other, { id, affinity }] of sets) {
    if (affinity === undefined || other === key) continue;
    const isSibling = other === siblingKey(key);
    if (isSibling !== (groupOf(id) === groupOf(set.id)))
      faults.push(`${key} is ${set.id}, ${other} is ${id}`);
  }
  const sibling = sets.get(siblingKey(key));
  const endpoints = new Map<number, string>();
  for (const each of sibling === undefined ? [set] : [set, sibling]) {
    for (const [slot, number] of each.affinity?.numbers.entries() ?? []) {
      const endpoint = each.slots[slot] ?? '';
      if ((endpoints.get(number) ?? endpoint) !== endpoint) faults.push(`${key}: ${number} is two endpoints`);
      endpoints.set(number, endpoint);
    }
  }
  if (new Set(endpoints.values()).size !== endpoints.size) faults.push(`${key}: an endpoint has two numbers`);
  return faults;
}
