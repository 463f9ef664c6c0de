import type { TouchedKeys, WantedTable } from '../forwarding/forwarding-table.ts';
import type { Frontend, SourceList, Target } from '../forwarding/frontend.ts';
import { siblingKey } from '../forwarding/frontend.ts';
import {
  groupOf,
  type ProgrammedFrontend,
  type ProgrammedSlotSet,
  type ProgrammedSourceList,
  type ProgrammedTable,
  type ProgrammedTarget,
  type TableIds,
} from './programmed-table.ts';
import { programSlotSet, type Upcoming } from './slot-sets.ts';

/** An entry to be made (no `before`), altered, or taken away (no `after`). */
export interface Change<Entry> {
  readonly key: string;
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

export type FrontendChange = Change<ProgrammedFrontend>;
export type SlotSetChange = Change<ProgrammedSlotSet>;
export type SourceListChange = Change<ProgrammedSourceList>;

/** Members of a set to be put and deleted. */
export interface MemberChanges {
  readonly put: readonly string[];
  readonly delete: readonly string[];
}

/**
 * Exactly what has to be written to turn one programmed table into another. Data; no time, no backend. A frontend is in
 * it too when only the number of slots that it forwards to differs.
 */
export interface Delta {
  readonly frontends: readonly FrontendChange[];
  readonly slotSets: readonly SlotSetChange[];
  readonly sourceLists: readonly SourceListChange[];
  readonly clusterIPs: MemberChanges;
  readonly hairpins: MemberChanges;
}

/** Keys of the entries to look at. None comes twice. */
export type KeysToCompare = { readonly [Entries in keyof TouchedKeys]: Iterable<string> };

/**
 * The delta that turns `programmed` into `wanted`, looking only at the keys of `touched` (the caller knows that all
 * others agree), so that the cost does not grow with the table. New entries take their numbers from `programmed.ids`.
 */
export function deltaBetween(
  programmed: ProgrammedTable,
  wanted: WantedTable,
  touched: KeysToCompare,
): Delta {
  const slotSets = slotSetChanges(programmed, wanted, touched.slotSets);
  const sourceLists = sourceListChanges(programmed, wanted, touched.sourceLists);
  const resolver = new Resolver(programmed, slotSets, sourceLists);
  return {
    frontends: frontendChanges(programmed, wanted, touched.frontends, resolver),
    slotSets: [...slotSets.values()],
    sourceLists: [...sourceLists.values()],
    clusterIPs: memberChanges(touched.clusterIPs, programmed.clusterIPs, (member) =>
      wanted.hasClusterIP(member),
    ),
    hairpins: memberChanges(touched.hairpins, programmed.hairpins, (member) => wanted.hasHairpin(member)),
  };
}

/** Every key of either table: what to look at when nothing is known to agree, as after a read-back. */
export function allKeys(programmed: ProgrammedTable, wanted: WantedTable): KeysToCompare {
  const { frontends, slotSets, sourceLists, clusterIPs, hairpins } = programmed;
  return {
    frontends: keysOfEither(
      keysIn(wanted.frontends()),
      frontends,
      (key) => wanted.frontend(key) !== undefined,
    ),
    slotSets: keysOfEither(keysIn(wanted.slotSets()), slotSets, (key) => wanted.slotSet(key) !== undefined),
    sourceLists: keysOfEither(
      keysIn(wanted.sourceLists()),
      sourceLists,
      (key) => wanted.sourceList(key) !== undefined,
    ),
    clusterIPs: keysOfEither([...wanted.clusterIPs()], clusterIPs, (address) => wanted.hasClusterIP(address)),
    hairpins: keysOfEither([...wanted.hairpins()], hairpins, (address) => wanted.hasHairpin(address)),
  };
}

function keysIn(entries: Iterable<[string, unknown]>): string[] {
  return Array.from(entries, ([key]) => key);
}

/** Lists, not sets: there may be a hundred thousand keys, and they are only walked through. */
function keysOfEither(
  wanted: readonly string[],
  programmed: ReadonlyMap<string, unknown> | ReadonlySet<string>,
  isWanted: (key: string) => boolean,
): readonly string[] {
  const others = programmed.size === 0 ? [] : [...programmed.keys()].filter((key) => !isWanted(key));
  return others.length === 0 ? wanted : [...wanted, ...others];
}

export function isEmpty(delta: Delta): boolean {
  return (
    delta.frontends.length === 0 &&
    delta.slotSets.length === 0 &&
    delta.sourceLists.length === 0 &&
    isUnchanged(delta.clusterIPs) &&
    isUnchanged(delta.hairpins)
  );
}

function isUnchanged(members: MemberChanges): boolean {
  return members.put.length === 0 && members.delete.length === 0;
}

/** Does to the memory of a kernel what the kernel did: call it when `delta` was committed. Changes `programmed`. */
export function applyDelta(programmed: ProgrammedTable, delta: Delta): void {
  applyChanges(programmed.frontends, delta.frontends);
  applyChanges(programmed.slotSets, delta.slotSets);
  applyChanges(programmed.sourceLists, delta.sourceLists);
  applyMembers(programmed.clusterIPs, delta.clusterIPs);
  applyMembers(programmed.hairpins, delta.hairpins);
  for (const change of delta.slotSets) releaseSlotSet(programmed, change);
  for (const { before, after } of delta.sourceLists) {
    if (before !== undefined && before.id !== after?.id) programmed.ids.sourceLists.release(before.id);
  }
}

function applyChanges<Entry>(entries: Map<string, Entry>, changes: readonly Change<Entry>[]): void {
  for (const { key, after } of changes) {
    if (after === undefined) entries.delete(key);
    else entries.set(key, after);
  }
}

function releaseSlotSet({ slotSets, ids }: ProgrammedTable, { key, before, after }: SlotSetChange): void {
  if (before === undefined) return;
  const isSameKind = (before.affinity === undefined) === (after?.affinity === undefined);
  if (after !== undefined && isSameKind && before.id === after.id) return;
  if (before.affinity === undefined) ids.slotSets.release(before.id);
  else releaseGroup(groupOf(before.id), slotSets.get(siblingKey(key)), ids);
}

/** A group is given back with the second of its lists. */
function releaseGroup(group: number, sibling: ProgrammedSlotSet | undefined, ids: TableIds): void {
  const isUsed = sibling?.affinity !== undefined && groupOf(sibling.id) === group;
  if (!isUsed) ids.affinityGroups.release(group);
}

function slotSetChanges(
  { slotSets, ids }: ProgrammedTable,
  wanted: WantedTable,
  keys: Iterable<string>,
): Map<string, SlotSetChange> {
  const changes = new Map<string, SlotSetChange>();
  const upcoming: Upcoming = (key) => {
    const change = changes.get(key);
    return change === undefined ? slotSets.get(key) : change.after;
  };
  for (const key of keys) {
    const before = slotSets.get(key);
    const set = wanted.slotSet(key);
    const after = set && programSlotSet(before, set, upcoming, ids);
    if (before !== after) changes.set(key, { key, before, after });
  }
  return changes;
}

function sourceListChanges(
  { sourceLists, ids }: ProgrammedTable,
  wanted: WantedTable,
  keys: Iterable<string>,
): Map<string, SourceListChange> {
  const changes = new Map<string, SourceListChange>();
  for (const key of keys) {
    const before = sourceLists.get(key);
    const list = wanted.sourceList(key);
    if (list === undefined ? before === undefined : hasRanges(before, list)) continue;
    const after = list && { id: before?.id ?? ids.sourceLists.take(), ranges: list.ranges };
    changes.set(key, { key, before, after });
  }
  return changes;
}

function hasRanges(programmed: ProgrammedSourceList | undefined, { ranges }: SourceList): boolean {
  const found = new Set(programmed?.ranges);
  return programmed !== undefined && found.size === ranges.length && ranges.every((it) => found.has(it));
}

/** Finds the numbers of what frontends refer to, as they will be when the changes are in the kernel. */
class Resolver {
  readonly #programmed: ProgrammedTable;
  readonly #slotSets: ReadonlyMap<string, SlotSetChange>;
  readonly #sourceLists: ReadonlyMap<string, SourceListChange>;

  constructor(
    programmed: ProgrammedTable,
    slotSets: ReadonlyMap<string, SlotSetChange>,
    sourceLists: ReadonlyMap<string, SourceListChange>,
  ) {
    this.#programmed = programmed;
    this.#slotSets = slotSets;
    this.#sourceLists = sourceLists;
  }

  target(target: Target): ProgrammedTarget {
    if (target.action !== 'forward') return target;
    const change = this.#slotSets.get(target.slotSet);
    const set = change === undefined ? this.#programmed.slotSets.get(target.slotSet) : change.after;
    if (set === undefined)
      throw new Error(`slot set "${target.slotSet}": a frontend forwards to it, but it is not there`);
    return {
      action: 'forward',
      set: set.id,
      count: set.slots.length,
      affinitySeconds: set.affinity?.seconds,
    };
  }

  sourceList(key: string): number {
    const change = this.#sourceLists.get(key);
    const list = change === undefined ? this.#programmed.sourceLists.get(key) : change.after;
    if (list === undefined)
      throw new Error(`source list "${key}": a frontend refers to it, but it is not there`);
    return list.id;
  }
}

function frontendChanges(
  { frontends }: ProgrammedTable,
  wanted: WantedTable,
  keys: Iterable<string>,
  resolver: Resolver,
): FrontendChange[] {
  const changes: FrontendChange[] = [];
  for (const key of keys) {
    const before = frontends.get(key);
    const frontend = wanted.frontend(key);
    const after = frontend && programFrontend(before, frontend, resolver);
    if (before !== after) changes.push({ key, before, after });
  }
  return changes;
}

/** The next state of a frontend; `before` itself if it already is as wanted. */
function programFrontend(
  before: ProgrammedFrontend | undefined,
  { address, protocol, port, inside, outside, sourceList }: Frontend,
  resolver: Resolver,
): ProgrammedFrontend {
  const after = {
    address,
    protocol,
    port,
    inside: resolver.target(inside),
    outside: outside && resolver.target(outside),
    sourceList: sourceList === undefined ? undefined : resolver.sourceList(sourceList),
  };
  return before !== undefined && isSame(before, after) ? before : after;
}

function isSame(a: ProgrammedFrontend, b: ProgrammedFrontend): boolean {
  return (
    a.sourceList === b.sourceList && isSameTarget(a.inside, b.inside) && isSameTarget(a.outside, b.outside)
  );
}

function isSameTarget(a: ProgrammedTarget | undefined, b: ProgrammedTarget | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.action !== 'forward' || b.action !== 'forward') return a.action === b.action;
  return a.set === b.set && a.count === b.count && a.affinitySeconds === b.affinitySeconds;
}

function memberChanges(
  keys: Iterable<string>,
  programmed: ReadonlySet<string>,
  isWanted: (member: string) => boolean,
): MemberChanges {
  const changes = { put: [] as string[], delete: [] as string[] };
  for (const member of keys) {
    const wanted = isWanted(member);
    if (wanted === programmed.has(member)) continue;
    (wanted ? changes.put : changes.delete).push(member);
  }
  return changes;
}

function applyMembers(members: Set<string>, changes: MemberChanges): void {
  for (const member of changes.delete) members.delete(member);
  for (const member of changes.put) members.add(member);
}
