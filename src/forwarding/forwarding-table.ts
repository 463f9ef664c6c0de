import type { ServedPort, ServedPortChange } from '../services/served-port.ts';
import { Claims } from './claims.ts';
import { type Contribution, contributionOf } from './contribution.ts';
import { CountedSet } from './counted-set.ts';
import type { Frontend, SlotSet, SourceList } from './frontend.ts';
import type { ThisNode } from './this-node.ts';

/** Keys of the entries that an update may have changed; the delta room looks at nothing else. */
export interface TouchedKeys {
  readonly frontends: Set<string>;
  readonly slotSets: Set<string>;
  readonly sourceLists: Set<string>;
  readonly clusterIPs: Set<string>;
  readonly hairpins: Set<string>;
}

/** Where an update tells which keys it touches. */
export type KeySinks = { readonly [Entries in keyof TouchedKeys]: KeySink };

interface KeySink {
  add(key: string): unknown;
}

/** Two service ports that claim one frontend; the first in text order is served. */
export interface Conflict {
  readonly frontend: string;
  readonly owners: readonly [string, string];
}

/** What the kernel should hold for one family. The same service ports give the same table, whatever the order. */
export interface WantedTable {
  frontend(key: string): Frontend | undefined;
  frontends(): Iterable<[string, Frontend]>;
  /** Every slot set that a frontend forwards to, and perhaps some to which none does. */
  slotSet(key: string): SlotSet | undefined;
  slotSets(): Iterable<[string, SlotSet]>;
  sourceList(key: string): SourceList | undefined;
  sourceLists(): Iterable<[string, SourceList]>;
  hasClusterIP(address: string): boolean;
  clusterIPs(): Iterable<string>;
  hasHairpin(address: string): boolean;
  hairpins(): Iterable<string>;
}

export function noTouchedKeys(): TouchedKeys {
  return {
    frontends: new Set(),
    slotSets: new Set(),
    sourceLists: new Set(),
    clusterIPs: new Set(),
    hairpins: new Set(),
  };
}

const NOWHERE: KeySink = { add() {} };

/** For whom will look at the whole table: a hundred thousand keys need not be gathered. */
export const NO_KEYS: KeySinks = {
  frontends: NOWHERE,
  slotSets: NOWHERE,
  sourceLists: NOWHERE,
  clusterIPs: NOWHERE,
  hairpins: NOWHERE,
};

/** The forwarding table of one family, kept up to date from changes of service ports. Knows no backend. */
export class ForwardingTable implements WantedTable {
  #node: ThisNode;
  readonly #frontends = new Claims<Frontend>();
  readonly #slotSets = new Map<string, SlotSet>();
  readonly #sourceLists = new Map<string, SourceList>();
  readonly #clusterIPs = new CountedSet();
  readonly #hairpins = new CountedSet();

  constructor(node: ThisNode) {
    this.#node = node;
  }

  /** Takes the change of one service port of this family; adds the keys that it touches to `touched`. */
  update(change: ServedPortChange, touched: KeySinks): Conflict[] {
    const owner = (change.after ?? change.before)?.id ?? '';
    const before = contributionOf(change.before, this.#node);
    const after = contributionOf(change.after, this.#node);
    return this.#replace(owner, before, after, touched);
  }

  /** Judges all service ports anew for what the node has become: its zone, its address (TOP-10, LB-05). */
  moveTo(node: ThisNode, ports: Iterable<ServedPort>, touched: KeySinks): void {
    const was = this.#node;
    this.#node = node;
    for (const port of ports) {
      this.#replace(port.id, contributionOf(port, was), contributionOf(port, node), touched);
    }
  }

  frontend(key: string): Frontend | undefined {
    return this.#frontends.get(key);
  }

  frontends(): Iterable<[string, Frontend]> {
    return this.#frontends.entries();
  }

  slotSet(key: string): SlotSet | undefined {
    return this.#slotSets.get(key);
  }

  slotSets(): Iterable<[string, SlotSet]> {
    return this.#slotSets.entries();
  }

  sourceList(key: string): SourceList | undefined {
    return this.#sourceLists.get(key);
  }

  sourceLists(): Iterable<[string, SourceList]> {
    return this.#sourceLists.entries();
  }

  hasClusterIP(address: string): boolean {
    return this.#clusterIPs.has(address);
  }

  clusterIPs(): Iterable<string> {
    return this.#clusterIPs.values();
  }

  hasHairpin(address: string): boolean {
    return this.#hairpins.has(address);
  }

  hairpins(): Iterable<string> {
    return this.#hairpins.values();
  }

  #replace(owner: string, before: Contribution, after: Contribution, touched: KeySinks): Conflict[] {
    replaceEntries(this.#slotSets, before.slotSets, after.slotSets, touched.slotSets);
    replaceEntries(
      this.#sourceLists,
      listOfMaybe(before.sourceList),
      listOfMaybe(after.sourceList),
      touched.sourceLists,
    );
    this.#replaceClusterIP(before.clusterIP, after.clusterIP, touched.clusterIPs);
    replaceMembers(this.#hairpins, before.hairpins, after.hairpins, touched.hairpins);
    return this.#replaceFrontends(owner, before.frontends, after.frontends, touched.frontends);
  }

  #replaceClusterIP(before: string | undefined, after: string | undefined, touched: KeySink): void {
    if (before === after) return;
    for (const address of listOfMaybe(before)) {
      this.#clusterIPs.delete(address);
      touched.add(address);
    }
    for (const address of listOfMaybe(after)) {
      this.#clusterIPs.add(address);
      touched.add(address);
    }
  }

  #replaceFrontends(
    owner: string,
    before: readonly Frontend[],
    after: readonly Frontend[],
    touched: KeySink,
  ): Conflict[] {
    const conflicts: Conflict[] = [];
    for (const { key } of before) {
      touched.add(key);
      if (!after.some((frontend) => frontend.key === key)) this.#frontends.delete(key, owner);
    }
    for (const frontend of after) {
      touched.add(frontend.key);
      const rival = this.#frontends.set(frontend.key, owner, frontend);
      if (rival !== undefined) conflicts.push({ frontend: frontend.key, owners: [owner, rival] });
    }
    return conflicts;
  }
}

function listOfMaybe<Item>(item: Item | undefined): readonly Item[] {
  return item === undefined ? [] : [item];
}

/** For entries whose keys belong to one service port alone. */
function replaceEntries<Entry extends { readonly key: string }>(
  entries: Map<string, Entry>,
  before: readonly Entry[],
  after: readonly Entry[],
  touched: KeySink,
): void {
  for (const { key } of before) {
    touched.add(key);
    if (!after.some((entry) => entry.key === key)) entries.delete(key);
  }
  for (const entry of after) {
    touched.add(entry.key);
    entries.set(entry.key, entry);
  }
}

function replaceMembers(
  members: CountedSet,
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  touched: KeySink,
): void {
  for (const member of before) {
    if (after.has(member)) continue;
    members.delete(member);
    touched.add(member);
  }
  for (const member of after) {
    if (before.has(member)) continue;
    members.add(member);
    touched.add(member);
  }
}
