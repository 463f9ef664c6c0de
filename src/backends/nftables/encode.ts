import type { Change, Delta, FrontendChange, MemberChanges, SourceListChange } from '../../delta/delta.ts';
import type { ProgrammedFrontend, ProgrammedTarget } from '../../delta/programmed-table.ts';
import { DELETE, PUT } from '../../native/addon.ts';
import { parseCidr } from '../../net/address.ts';
import { lastAddress } from '../../net/cidr.ts';
import { cannotProgram } from '../refusal.ts';
import { pushAddress, pushAll, pushFrontend } from '../row-words.ts';
import type { WordBuffer } from '../word-buffer.ts';
import { encodeSlotSet } from './encode-slots.ts';
import { SET } from './layout.ts';
import type { DeltaRows, RowWriter, Verb } from './row-writer.ts';
import { NOWHERE, sourceListWord, whereWord } from './words.ts';

/** Gives the index under which the table has chains for an affinity timeout, in seconds. */
export type TimeoutOf = (seconds: number) => number;

/**
 * Turns a delta into rows for the addon: one row for each element that really differs.
 * Throws {@link ApplyError} for an entry that the layout cannot hold; the writers are then to be emptied.
 */
export function encodeDelta(delta: Delta, deltaRows: DeltaRows, timeoutOf: TimeoutOf): void {
  const { rows } = deltaRows;
  const encodeEach = <Entry>(
    changes: readonly Change<Entry>[],
    encode: (change: Change<Entry>) => void,
  ): void => {
    for (const change of changes) {
      try {
        encode(change);
      } catch (cause) {
        throw cannotProgram(change.key, cause);
      }
    }
  };
  encodeEach(delta.slotSets, (change) => {
    // Without chains for its timeout the set is of no use: it is refused, before the frontends that lead to it.
    if (change.after?.affinity !== undefined) timeoutOf(change.after.affinity.seconds);
    encodeSlotSet(change, deltaRows);
  });
  encodeEach(delta.sourceLists, (change) => encodeSourceList(change, rows));
  encodeEach(delta.frontends, (change) => encodeFrontend(change, rows, timeoutOf));
  encodeMembers(rows, SET.clusterIPs, delta.clusterIPs, pushAddress);
  encodeMembers(rows, SET.hairpins, delta.hairpins, pushPair);
}

/** The elements of a frontend in the sets that say what happens to its packets. */
function encodeFrontend({ before, after }: FrontendChange, rows: RowWriter, timeoutOf: TimeoutOf): void {
  const frontend = after ?? before;
  if (frontend === undefined) return;
  const sets = frontend.address === undefined ? NODE_PORT_SETS : ADDRESS_SETS;
  const old = before === undefined ? NO_ELEMENTS : elementsOf(before, timeoutOf);
  const now = after === undefined ? NO_ELEMENTS : elementsOf(after, timeoutOf);
  encodeWord(rows, sets.forward, frontend, old.forward, now.forward);
  encodeWord(rows, sets.outside, frontend, old.outside, now.outside);
  encodeWord(rows, SET.restricted, frontend, listWord(before), listWord(after));
  encodeMembership(rows, sets.reject, frontend, old.reject, now.reject);
  encodeMembership(rows, sets.drop, frontend, old.drop, now.drop);
}

const ADDRESS_SETS = {
  forward: SET.frontends,
  outside: SET.outside,
  reject: SET.rejected,
  drop: SET.dropped,
} as const;

const NODE_PORT_SETS = {
  forward: SET.nodePorts,
  outside: SET.outsideNodePorts,
  reject: SET.rejectedNodePorts,
  drop: SET.droppedNodePorts,
} as const;

/** What a frontend has in each of its sets: a word of a map or nothing, a membership or none. */
interface FrontendElements {
  readonly forward: number | undefined;
  readonly outside: number | undefined;
  readonly reject: boolean;
  readonly drop: boolean;
}

const NO_ELEMENTS: FrontendElements = { forward: undefined, outside: undefined, reject: false, drop: false };

/** Packets that are translated do not get to the sets of the refused: what is refused there is whoever was not. */
function elementsOf({ inside, outside }: ProgrammedFrontend, timeoutOf: TimeoutOf): FrontendElements {
  const isAction = (action: ProgrammedTarget['action']): boolean =>
    inside.action === action || outside?.action === action;
  return {
    forward: forwardWord(inside, timeoutOf),
    outside: outside === undefined ? undefined : (forwardWord(outside, timeoutOf) ?? NOWHERE),
    reject: isAction('reject'),
    drop: isAction('drop'),
  };
}

function listWord(frontend: ProgrammedFrontend | undefined): number | undefined {
  return frontend?.sourceList === undefined ? undefined : sourceListWord(frontend.sourceList);
}

function forwardWord(target: ProgrammedTarget, timeoutOf: TimeoutOf): number | undefined {
  return target.action === 'forward' ? whereWord(target, timeoutOf) : undefined;
}

function encodeWord(
  rows: RowWriter,
  set: number,
  frontend: ProgrammedFrontend,
  before: number | undefined,
  after: number | undefined,
): void {
  if (before === after) return;
  if (before !== undefined) pushFrontend(rows.row(DELETE, set), frontend);
  if (after === undefined) return;
  const row = rows.row(PUT, set);
  pushFrontend(row, frontend);
  row.push(after);
}

function encodeMembership(
  rows: RowWriter,
  set: number,
  frontend: ProgrammedFrontend,
  before: boolean,
  after: boolean,
): void {
  if (before !== after) pushFrontend(rows.row(after ? PUT : DELETE, set), frontend);
}

function encodeSourceList({ before, after }: SourceListChange, rows: RowWriter): void {
  const isSameList = before?.id === after?.id;
  const old = new Set(before?.ranges);
  const now = new Set(after?.ranges);
  for (const range of old)
    if (before !== undefined && !(isSameList && now.has(range))) rangeRow(rows, DELETE, before.id, range);
  for (const range of now)
    if (after !== undefined && !(isSameList && old.has(range))) rangeRow(rows, PUT, after.id, range);
}

/** The first and the last key of a range. */
function rangeRow(rows: RowWriter, verb: Verb, list: number, range: string): void {
  const cidr = parseCidr(range);
  if (cidr === undefined) throw new TypeError(`source range: "${range}" is not a CIDR`);
  const row = rows.row(verb, SET.sources);
  row.push(sourceListWord(list));
  pushAddress(row, cidr.address);
  row.push(sourceListWord(list));
  pushAll(row, lastAddress(cidr));
}

function encodeMembers(
  rows: RowWriter,
  set: number,
  changes: MemberChanges,
  push: (row: WordBuffer, address: string) => void,
): void {
  for (const address of changes.delete) push(rows.row(DELETE, set), address);
  for (const address of changes.put) push(rows.row(PUT, set), address);
}

function pushPair(row: WordBuffer, address: string): void {
  pushAddress(row, address);
  pushAddress(row, address);
}
