import type { ObjectEvent } from './api/objects.ts';
import type { Backend } from './backends/backend.ts';
import type { ThisNode } from './forwarding/contribution.ts';
import {
  type Conflict,
  ForwardingTable,
  noTouchedKeys,
  type TouchedKeys,
} from './forwarding/forwarding-table.ts';
import type { Family } from './net/address.ts';
import { ServiceMap } from './services/service-map.ts';
import { type Clock, systemClock } from './sync/clock.ts';
import { FamilySync, type SyncObserver } from './sync/family-sync.ts';

export interface PipelineOptions {
  readonly node: ThisNode;
  /** One for each family that is served; what happens to one does not stop the other (DUAL-05). */
  readonly backends: readonly Backend[];
  readonly observer: SyncObserver;
  /** Told once for each pair of service ports that claim one frontend. */
  readonly onConflict?: (conflict: Conflict) => void;
  readonly clock?: Clock;
}

interface Lane {
  readonly table: ForwardingTable;
  readonly sync: FamilySync;
}

/** The rooms joined in the order of the flow: objects, service map, forwarding tables, syncs, backends. */
export class Pipeline {
  readonly #services = new ServiceMap();
  readonly #lanes: ReadonlyMap<Family, Lane>;
  readonly #onConflict: (conflict: Conflict) => void;
  #isFirst = true;

  constructor(options: PipelineOptions) {
    const { node, backends, observer, clock = systemClock } = options;
    this.#onConflict = reportOnce(options.onConflict ?? (() => {}));
    this.#lanes = new Map(
      backends.map((backend) => {
        const table = new ForwardingTable(node);
        return [backend.family, { table, sync: new FamilySync(backend, table, observer, clock) }];
      }),
    );
  }

  /**
   * Takes a batch of events and requests the syncs that they call for.
   *
   * The first call must carry the complete initial state: what it lacks is removed from the kernel (START-02).
   */
  apply(events: readonly ObjectEvent[]): void {
    const touched = new Map<Family, TouchedKeys>();
    if (this.#isFirst) for (const family of this.#lanes.keys()) touched.set(family, noTouchedKeys());
    this.#isFirst = false;
    for (const change of this.#services.apply(events)) {
      const family = (change.after ?? change.before)?.family;
      const lane = family && this.#lanes.get(family);
      if (family === undefined || lane === undefined) continue;
      const keys = touched.get(family) ?? noTouchedKeys();
      touched.set(family, keys);
      for (const conflict of lane.table.update(change, keys)) this.#onConflict(conflict);
    }
    for (const [family, keys] of touched) this.#lanes.get(family)?.sync.request(keys);
  }

  /** The forwarding table that is wanted in a family. */
  wanted(family: Family): ForwardingTable | undefined {
    return this.#lanes.get(family)?.table;
  }

  /** Resolves when the kernel holds what the events so far call for. */
  async settled(): Promise<void> {
    await Promise.all(this.#lanes.values().map((lane) => lane.sync.settled()));
  }

  close(): void {
    for (const { sync } of this.#lanes.values()) sync.close();
  }
}

function reportOnce(report: (conflict: Conflict) => void): (conflict: Conflict) => void {
  const reported = new Set<string>();
  return (conflict) => {
    const text = [conflict.frontend, ...conflict.owners.toSorted()].join(' ');
    if (reported.has(text)) return;
    reported.add(text);
    report(conflict);
  };
}
