import type { ServedPortChange } from '../services/served-port.ts';
import { Claims } from './claims.ts';
import { contributionOf, type ThisNode } from './contribution.ts';
import { CountedSet } from './counted-set.ts';
import type { Frontend } from './frontend.ts';

/** Keys of the entries that an update may have changed; the delta room looks at nothing else. */
export interface TouchedKeys {
  readonly frontends: Set<string>;
  readonly clusterIPs: Set<string>;
  readonly hairpins: Set<string>;
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
  hasClusterIP(address: string): boolean;
  clusterIPs(): Iterable<string>;
  hasHairpin(address: string): boolean;
  hairpins(): Iterable<string>;
}

export function noTouchedKeys(): TouchedKeys {
  return { frontends: new Set(), clusterIPs: new Set(), hairpins: new Set() };
}

/** The forwarding table of one family, kept up to date from changes of service ports. Knows no backend. */
export class ForwardingTable implements WantedTable {
  readonly #node: ThisNode;
  readonly #frontends = new Claims<Frontend>();
  readonly #clusterIPs = new CountedSet();
  readonly #hairpins = new CountedSet();

  constructor(node: ThisNode) {
    this.#node = node;
  }

  /** Takes the change of one service port of this family; adds the keys that it touches to `touched`. */
  update(change: ServedPortChange, touched: TouchedKeys): Conflict[] {
    const owner = (change.after ?? change.before)?.id ?? '';
    const before = contributionOf(change.before, this.#node);
    const after = contributionOf(change.after, this.#node);
    updateMembers(this.#clusterIPs, before.clusterIPs, after.clusterIPs, touched.clusterIPs);
    updateMembers(this.#hairpins, before.hairpins, after.hairpins, touched.hairpins);
    return this.#updateFrontends(owner, before.frontends, after.frontends, touched.frontends);
  }

  frontend(key: string): Frontend | undefined {
    return this.#frontends.get(key);
  }

  frontends(): Iterable<[string, Frontend]> {
    return this.#frontends.entries();
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

  #updateFrontends(
    owner: string,
    before: readonly Frontend[],
    after: readonly Frontend[],
    touched: Set<string>,
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

function updateMembers(
  members: CountedSet,
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  touched: Set<string>,
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
