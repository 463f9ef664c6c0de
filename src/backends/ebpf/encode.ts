import type { Change, Delta, FrontendChange, MemberChanges, SourceListChange } from '../../delta/delta.ts';
import type { ProgrammedFrontend, ProgrammedTarget } from '../../delta/programmed-table.ts';
import { DELETE, EBPF_ACTION, EBPF_ROW, PUT, rowHead } from '../../native/addon.ts';
import { type Family, parseCidr } from '../../net/address.ts';
import { cannotProgram } from '../refusal.ts';
import { PROTOCOL_NUMBER, pushAddress } from '../row-words.ts';
import type { WordBuffer } from '../word-buffer.ts';
import { encodeSlotSet } from './encode-slots.ts';
import { TARGET_WORDS, UNSPECIFIED } from './rows.ts';

type Verb = typeof PUT | typeof DELETE;

/**
 * Turns a delta into rows for the addon: one for each entry of a map that differs, each at most once. Their order means
 * nothing: the addon writes what frontends lead to before them, and deletes what they led to after them.
 * Throws {@link ApplyError} for an entry that the maps cannot hold; the buffer is then to be emptied.
 */
export function encodeDelta(delta: Delta, family: Family, rows: WordBuffer): void {
  encodeEach(delta.slotSets, (change) => encodeSlotSet(change, rows));
  encodeEach(delta.sourceLists, (change) => encodeSourceList(change, rows));
  encodeEach(delta.frontends, (change) => encodeFrontend(change, family, rows));
  encodeMembers(delta.clusterIPs, EBPF_ROW.CLUSTER_IP, rows);
  encodeMembers(delta.hairpins, EBPF_ROW.HAIRPIN, rows);
}

function encodeEach<Entry>(changes: readonly Change<Entry>[], encode: (change: Change<Entry>) => void): void {
  for (const change of changes) {
    try {
      encode(change);
    } catch (cause) {
      throw cannotProgram(change.key, cause);
    }
  }
}

function encodeFrontend({ before, after }: FrontendChange, family: Family, rows: WordBuffer): void {
  if (after !== undefined) {
    pushFrontendKey(rows, PUT, after, family);
    pushTarget(rows, after.inside);
    pushTarget(rows, after.outside);
    rows.push(after.sourceList === undefined ? 0 : after.sourceList + 1);
  } else if (before !== undefined) pushFrontendKey(rows, DELETE, before, family);
}

function pushFrontendKey(
  rows: WordBuffer,
  verb: Verb,
  { address, protocol, port }: ProgrammedFrontend,
  family: Family,
): void {
  rows.push(rowHead(verb, EBPF_ROW.FRONTEND));
  pushAddress(rows, address ?? UNSPECIFIED[family]);
  rows.push(PROTOCOL_NUMBER[protocol]);
  rows.push(port);
}

const ACTIONS = {
  forward: EBPF_ACTION.FORWARD,
  reject: EBPF_ACTION.REJECT,
  drop: EBPF_ACTION.DROP,
} as const;

function pushTarget(rows: WordBuffer, target: ProgrammedTarget | undefined): void {
  rows.push(target === undefined ? EBPF_ACTION.NONE : ACTIONS[target.action]);
  if (target?.action !== 'forward') {
    for (let word = 1; word < TARGET_WORDS; word++) rows.push(0);
    return;
  }
  rows.push(target.set);
  rows.push(target.count);
  rows.push(target.affinitySeconds ?? 0);
}

function encodeSourceList({ before, after }: SourceListChange, rows: WordBuffer): void {
  const isSameList = before?.id === after?.id;
  const old = new Set(before?.ranges);
  const now = new Set(after?.ranges);
  for (const range of old)
    if (before !== undefined && !(isSameList && now.has(range))) pushRange(rows, DELETE, before.id, range);
  for (const range of now)
    if (after !== undefined && !(isSameList && old.has(range))) pushRange(rows, PUT, after.id, range);
}

function pushRange(rows: WordBuffer, verb: Verb, list: number, range: string): void {
  const cidr = parseCidr(range);
  if (cidr === undefined) throw new TypeError(`source range: "${range}" is not a CIDR`);
  rows.push(rowHead(verb, EBPF_ROW.SOURCE));
  rows.push(list);
  rows.push(cidr.prefixLength);
  pushAddress(rows, cidr.address);
}

function encodeMembers(members: MemberChanges, kind: number, rows: WordBuffer): void {
  const encodeMember = (verb: Verb) => (address: string) => {
    rows.push(rowHead(verb, kind));
    pushAddress(rows, address);
  };
  members.put.forEach(encodeMember(PUT));
  members.delete.forEach(encodeMember(DELETE));
}
