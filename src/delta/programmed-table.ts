import type { Protocol } from '../api/objects.ts';
import type { WantedTable } from '../forwarding/forwarding-table.ts';
import type { Frontend, ListName, SlotSet, Target } from '../forwarding/frontend.ts';
import { IdPool } from './id-pool.ts';

/** What a kernel does with new packets to a frontend. */
export type ProgrammedTarget =
  | {
      readonly action: 'forward';
      /** Number of the slot set, and how many slots it has: a connection draws a slot below that. */
      readonly set: number;
      readonly count: number;
      readonly affinitySeconds: number | undefined;
    }
  | { readonly action: 'reject' }
  | { readonly action: 'drop' };

/** A frontend as it stands in a kernel. */
export interface ProgrammedFrontend {
  readonly address: string | undefined;
  readonly protocol: Protocol;
  readonly port: number;
  readonly inside: ProgrammedTarget;
  readonly outside: ProgrammedTarget | undefined;
  /** Number of the list of those who may use it. */
  readonly sourceList: number | undefined;
}

/**
 * Endpoints in numbered places, the slots. The number of a set with affinity tells its sibling too: the Cluster list of
 * a service port has an even number, its Local list the odd number after it; half of it is the *group*, under
 * which the clients' bindings are kept (AFF-02). Numbers with and without affinity are counted apart.
 */
export interface ProgrammedSlotSet {
  readonly id: number;
  /** Endpoints as `address:port`, by slot number, without gaps and without repeats. */
  readonly slots: readonly string[];
  readonly affinity: ProgrammedAffinity | undefined;
}

/**
 * Bindings name an endpoint by its number in the group. It keeps that as long as it is in one of the group's lists, and
 * the number of one that left is not given to the next: a binding to it must not bind to somebody else.
 */
export interface ProgrammedAffinity {
  readonly seconds: number;
  /** By slot. */
  readonly numbers: readonly number[];
  /** Where the search for a free number begins. */
  readonly next: number;
}

export interface ProgrammedSourceList {
  readonly id: number;
  readonly ranges: readonly string[];
}

/** What a kernel holds for one family, as far as nodeplane remembers or has read back. */
export interface ProgrammedTable {
  readonly frontends: Map<string, ProgrammedFrontend>;
  readonly slotSets: Map<string, ProgrammedSlotSet>;
  readonly sourceLists: Map<string, ProgrammedSourceList>;
  readonly clusterIPs: Set<string>;
  readonly hairpins: Set<string>;
  readonly ids: TableIds;
}

/** Numbers in use. The limits are what a backend may count on. */
export interface TableIds {
  readonly slotSets: IdPool;
  readonly affinityGroups: IdPool;
  readonly sourceLists: IdPool;
}

export const MAX_SLOT_SETS = 2 ** 26;
export const MAX_AFFINITY_GROUPS = 2 ** 17;
export const MAX_AFFINITY_NUMBERS = 2 ** 14;
const MAX_SOURCE_LISTS = 2 ** 16;

export function emptyProgrammedTable(): ProgrammedTable {
  return {
    frontends: new Map(),
    slotSets: new Map(),
    sourceLists: new Map(),
    clusterIPs: new Set(),
    hairpins: new Set(),
    ids: {
      slotSets: new IdPool(MAX_SLOT_SETS),
      affinityGroups: new IdPool(MAX_AFFINITY_GROUPS),
      sourceLists: new IdPool(MAX_SOURCE_LISTS),
    },
  };
}

/** Puts a slot set that a kernel was found to hold into the table; its number is taken from then on. */
export function addSlotSet(table: ProgrammedTable, key: string, set: ProgrammedSlotSet): void {
  table.slotSets.set(key, set);
  if (set.affinity === undefined) table.ids.slotSets.reserve(set.id);
  else table.ids.affinityGroups.reserve(groupOf(set.id));
}

export function addSourceList(table: ProgrammedTable, key: string, list: ProgrammedSourceList): void {
  table.sourceLists.set(key, list);
  table.ids.sourceLists.reserve(list.id);
}

/** The group of a slot set with affinity. */
export function groupOf(id: number): number {
  return id >>> 1;
}

/** Which list of its group a slot set with affinity is. */
export function listOfNumber(id: number): ListName {
  return (id & 1) === 0 ? 'cluster' : 'local';
}

/** The number of the slot set that is a list of a group. */
export function numberInGroup(group: number, list: ListName): number {
  return group * 2 + (list === 'local' ? 1 : 0);
}

/** Whether a kernel that holds `programmed` forwards as `wanted` says; how things are numbered does not matter. */
export function satisfies(programmed: ProgrammedTable, wanted: WantedTable): boolean {
  const frontends = [...wanted.frontends()];
  const contents = contentsOf(programmed);
  return (
    frontends.length === programmed.frontends.size &&
    frontends.every(([key, frontend]) =>
      frontendSatisfies(programmed.frontends.get(key), frontend, wanted, contents),
    ) &&
    sameMembers(programmed.clusterIPs, new Set(wanted.clusterIPs())) &&
    sameMembers(programmed.hairpins, new Set(wanted.hairpins()))
  );
}

/** Slot sets and source lists by their numbers. */
interface Contents {
  readonly plain: ReadonlyMap<number, ProgrammedSlotSet>;
  readonly withAffinity: ReadonlyMap<number, ProgrammedSlotSet>;
  readonly sourceLists: ReadonlyMap<number, ProgrammedSourceList>;
}

function contentsOf({ slotSets, sourceLists }: ProgrammedTable): Contents {
  const byId = <Entry extends { readonly id: number }>(entries: Iterable<Entry>): Map<number, Entry> =>
    new Map(Array.from(entries, (entry) => [entry.id, entry]));
  const sets = [...slotSets.values()];
  return {
    plain: byId(sets.filter((set) => set.affinity === undefined)),
    withAffinity: byId(sets.filter((set) => set.affinity !== undefined)),
    sourceLists: byId(sourceLists.values()),
  };
}

function frontendSatisfies(
  programmed: ProgrammedFrontend | undefined,
  wanted: Frontend,
  table: WantedTable,
  contents: Contents,
): boolean {
  if (programmed === undefined) return false;
  const ranges = wanted.sourceList === undefined ? undefined : table.sourceList(wanted.sourceList)?.ranges;
  const found =
    programmed.sourceList === undefined ? undefined : contents.sourceLists.get(programmed.sourceList)?.ranges;
  return (
    targetSatisfies(programmed.inside, wanted.inside, table, contents) &&
    targetSatisfies(programmed.outside, wanted.outside, table, contents) &&
    sameMembers(new Set(found), new Set(ranges)) &&
    (found === undefined) === (ranges === undefined)
  );
}

function targetSatisfies(
  programmed: ProgrammedTarget | undefined,
  wanted: Target | undefined,
  table: WantedTable,
  contents: Contents,
): boolean {
  if (programmed === undefined || wanted === undefined) return programmed === wanted;
  if (programmed.action !== 'forward' || wanted.action !== 'forward')
    return programmed.action === wanted.action;
  const sets = programmed.affinitySeconds === undefined ? contents.plain : contents.withAffinity;
  const set = sets.get(programmed.set);
  return slotSetSatisfies(programmed.count, set, table.slotSet(wanted.slotSet));
}

function slotSetSatisfies(
  count: number,
  programmed: ProgrammedSlotSet | undefined,
  wanted: SlotSet | undefined,
): boolean {
  if (programmed === undefined || wanted === undefined) return false;
  return (
    programmed.slots.length === wanted.endpoints.length &&
    count === programmed.slots.length &&
    programmed.affinity?.seconds === wanted.affinitySeconds &&
    sameMembers(new Set(programmed.slots), new Set(wanted.endpoints))
  );
}

function sameMembers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && a.isSubsetOf(b);
}
