import type { TouchedKeys, WantedTable } from '../forwarding/forwarding-table.ts';
import type { Frontend } from '../forwarding/frontend.ts';
import type { ProgrammedFrontend, ProgrammedTable } from './programmed-table.ts';
import { arrangeSlots } from './slots.ts';

/** A frontend to be made (no `before`), altered, or taken away (no `after`). */
export interface FrontendChange {
  readonly key: string;
  readonly before: ProgrammedFrontend | undefined;
  readonly after: ProgrammedFrontend | undefined;
}

/** Members of a set to be put and deleted. */
export interface MemberChanges {
  readonly put: readonly string[];
  readonly delete: readonly string[];
}

/** Exactly what has to be written to turn one programmed table into another. Data; no time, no backend. */
export interface Delta {
  readonly frontends: readonly FrontendChange[];
  readonly clusterIPs: MemberChanges;
  readonly hairpins: MemberChanges;
}

/**
 * The delta that turns `programmed` into `wanted`.
 *
 * With `touched` only these keys are looked at (the caller knows that all others agree), so that the cost
 * does not grow with the table; without, both tables are compared whole, as after a read-back.
 */
export function deltaBetween(programmed: ProgrammedTable, wanted: WantedTable, touched?: TouchedKeys): Delta {
  const keys = touched ?? allKeys(programmed, wanted);
  return {
    frontends: frontendChanges(programmed, wanted, keys.frontends),
    clusterIPs: memberChanges(keys.clusterIPs, programmed.clusterIPs, (member) =>
      wanted.hasClusterIP(member),
    ),
    hairpins: memberChanges(keys.hairpins, programmed.hairpins, (member) => wanted.hasHairpin(member)),
  };
}

export function isEmpty(delta: Delta): boolean {
  const isUnchanged = (members: MemberChanges): boolean =>
    members.put.length === 0 && members.delete.length === 0;
  return delta.frontends.length === 0 && isUnchanged(delta.clusterIPs) && isUnchanged(delta.hairpins);
}

/** Does to the memory of a kernel what the kernel did: call it when `delta` was committed. Changes `programmed`. */
export function applyDelta(programmed: ProgrammedTable, delta: Delta): void {
  for (const { key, after } of delta.frontends) {
    if (after === undefined) programmed.frontends.delete(key);
    else programmed.frontends.set(key, after);
  }
  applyMembers(programmed.clusterIPs, delta.clusterIPs);
  applyMembers(programmed.hairpins, delta.hairpins);
}

function frontendChanges(
  programmed: ProgrammedTable,
  wanted: WantedTable,
  keys: ReadonlySet<string>,
): FrontendChange[] {
  const changes: FrontendChange[] = [];
  for (const key of keys) {
    const before = programmed.frontends.get(key);
    const after = programFrontend(before, wanted.frontend(key));
    if (before !== after) changes.push({ key, before, after });
  }
  return changes;
}

/** The next state of a frontend; `before` itself if it already is as wanted. */
function programFrontend(
  before: ProgrammedFrontend | undefined,
  wanted: Frontend | undefined,
): ProgrammedFrontend | undefined {
  if (wanted === undefined) return undefined;
  const slots = arrangeSlots(before?.slots ?? [], wanted.endpoints);
  if (before !== undefined && before.slots === slots && before.action === wanted.action) return before;
  const { address, protocol, port, action } = wanted;
  return { address, protocol, port, action, slots };
}

function memberChanges(
  keys: ReadonlySet<string>,
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

function allKeys(programmed: ProgrammedTable, wanted: WantedTable): TouchedKeys {
  const frontends = new Set(programmed.frontends.keys());
  for (const [key] of wanted.frontends()) frontends.add(key);
  return {
    frontends,
    clusterIPs: programmed.clusterIPs.union(new Set(wanted.clusterIPs())),
    hairpins: programmed.hairpins.union(new Set(wanted.hairpins())),
  };
}
