import type { Protocol } from '../api/objects.ts';
import type { WantedTable } from '../forwarding/forwarding-table.ts';
import type { Action, Frontend } from '../forwarding/frontend.ts';

/**
 * A frontend as it stands in a kernel. Its endpoints have numbered places there, the slots: a new connection
 * draws a number below `slots.length` and goes to the endpoint that stands in that slot.
 */
export interface ProgrammedFrontend {
  readonly address: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly action: Action;
  /** Endpoints as `address:port`, by slot number, without gaps and without repeats. */
  readonly slots: readonly string[];
}

/** What a kernel holds for one family, as far as nodeplane remembers or has read back. */
export interface ProgrammedTable {
  readonly frontends: Map<string, ProgrammedFrontend>;
  readonly clusterIPs: Set<string>;
  readonly hairpins: Set<string>;
}

export function emptyProgrammedTable(): ProgrammedTable {
  return { frontends: new Map(), clusterIPs: new Set(), hairpins: new Set() };
}

/** Whether a kernel that holds `programmed` forwards as `wanted` says; the numbering of slots does not matter. */
export function satisfies(programmed: ProgrammedTable, wanted: WantedTable): boolean {
  const frontends = [...wanted.frontends()];
  return (
    frontends.length === programmed.frontends.size &&
    frontends.every(([key, frontend]) => frontendSatisfies(programmed.frontends.get(key), frontend)) &&
    sameMembers(programmed.clusterIPs, new Set(wanted.clusterIPs())) &&
    sameMembers(programmed.hairpins, new Set(wanted.hairpins()))
  );
}

function frontendSatisfies(programmed: ProgrammedFrontend | undefined, wanted: Frontend): boolean {
  if (programmed === undefined || programmed.action !== wanted.action) return false;
  if (programmed.slots.length !== wanted.endpoints.length) return false;
  return sameMembers(new Set(programmed.slots), new Set(wanted.endpoints));
}

function sameMembers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && a.isSubsetOf(b);
}
