import type { ObjectEvent } from './api/objects.ts';
import type { Backend } from './backends/backend.ts';
import type { ProxyConfig } from './config/proxy-config.ts';
import {
  type Conflict,
  ForwardingTable,
  noTouchedKeys,
  type TouchedKeys,
} from './forwarding/forwarding-table.ts';
import type { NodeSettings } from './forwarding/node-settings.ts';
import { sameNode, type ThisNode } from './forwarding/this-node.ts';
import type { Family } from './net/address.ts';
import { NodeState } from './node/node-state.ts';
import type { ServedPort, ServedPortChange } from './services/served-port.ts';
import { ServiceMap } from './services/service-map.ts';
import { type Clock, systemClock } from './sync/clock.ts';
import { FamilySync, type SyncObserver } from './sync/family-sync.ts';

/** Somebody who acts on changes of service ports of one family when the kernel has caught up with them (SYNC-08). */
export interface Follower {
  readonly family: Family;
  touch(change: ServedPortChange): void;
  /** The addresses on which node ports are accepted, and all addresses of the host, of both families. */
  acceptNodePortsOn(accepted: NodeSettings['nodePortAddresses'], hostAddresses: readonly string[]): void;
  /** The kernel is as all calls so far want it. */
  afterSync(): void;
}

export interface PipelineOptions {
  readonly config: ProxyConfig;
  /** One for each family that is served; what happens to one does not stop the other (DUAL-05). */
  readonly backends: readonly Backend[];
  readonly observer: SyncObserver;
  readonly followers?: readonly Follower[];
  /** Told once for each pair of service ports that claim one frontend. */
  readonly onConflict?: (conflict: Conflict) => void;
  /** Told why no node ports are served in a family, whenever that becomes so. */
  readonly onNodePortWarning?: (warning: string) => void;
  readonly clock?: Clock;
}

/** Twice the default sync period (HZ-02). */
const LONGEST_WAIT_US = 60_000_000;

/** The way of one family from its service ports to its kernel. */
interface Lane {
  readonly table: ForwardingTable;
  readonly sync: FamilySync;
  readonly followers: readonly Follower[];
  node: ThisNode;
  warning: string | undefined;
}

/** The rooms joined in the order of the flow: objects, service map, forwarding tables, syncs, backends. */
export class Pipeline {
  readonly #nodeState: NodeState;
  readonly #services = new ServiceMap();
  readonly #lanes: ReadonlyMap<Family, Lane>;
  readonly #onConflict: (conflict: Conflict) => void;
  readonly #onNodePortWarning: (warning: string) => void;
  #hasStarted = false;

  constructor(options: PipelineOptions) {
    const { config, backends, observer, followers = [], clock = systemClock } = options;
    this.#onConflict = reportOnce(options.onConflict ?? (() => {}));
    this.#onNodePortWarning = options.onNodePortWarning ?? (() => {});
    this.#nodeState = new NodeState(config);
    this.#lanes = new Map(
      backends.map((backend) => {
        backend.warmUp?.();
        const { family } = backend;
        const node = this.#nodeState.thisNode(family);
        const table = new ForwardingTable(node);
        const ours = followers.filter((follower) => follower.family === family);
        const sync = new FamilySync(
          backend,
          table,
          this.settings(family),
          withFollowers(observer, ours),
          clock,
        );
        return [family, { table, sync, followers: ours, node, warning: undefined }];
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
    const isFirst = !this.#hasStarted;
    if (isFirst) for (const family of this.#lanes.keys()) touched.set(family, noTouchedKeys());
    this.#hasStarted = true;
    let isNodeTouched = isFirst;
    for (const event of events) if (this.#nodeState.take(event)) isNodeTouched = true;
    if (isNodeTouched) this.#followNode(touched);
    for (const change of this.#services.apply(events)) {
      const family = (change.after ?? change.before)?.family;
      const lane = family && this.#lanes.get(family);
      if (family === undefined || lane === undefined) continue;
      for (const follower of lane.followers) follower.touch(change);
      for (const conflict of lane.table.update(change, keysOf(touched, family))) this.#onConflict(conflict);
    }
    for (const [family, keys] of touched) this.#lanes.get(family)?.sync.request(keys);
  }

  /** Takes all addresses of the node's interfaces, canonical and of both families, whenever they changed (NPA-11). */
  hostAddresses(addresses: readonly string[]): void {
    this.#nodeState.takeAddresses(addresses);
    this.#followSettings();
    if (!this.#hasStarted) return;
    for (const { sync } of this.#lanes.values()) sync.request(noTouchedKeys());
  }

  /** The forwarding table that is wanted in a family. */
  wanted(family: Family): ForwardingTable | undefined {
    return this.#lanes.get(family)?.table;
  }

  /** What the rules of a family follow. */
  settings(family: Family): NodeSettings {
    return this.#nodeState.settings(family);
  }

  /** Whether no family's kernel has been behind for long (HZ-02, HC-03). */
  get isHealthy(): boolean {
    return this.#lanes.values().every(({ sync }) => sync.waiting <= LONGEST_WAIT_US);
  }

  /** Resolves when the kernel holds what the events so far call for. */
  async settled(): Promise<void> {
    await Promise.all(this.#lanes.values().map((lane) => lane.sync.settled()));
  }

  close(): void {
    for (const { sync } of this.#lanes.values()) sync.close();
  }

  /** TOP-10, NODE-09 */
  #followNode(touched: Map<Family, TouchedKeys>): void {
    for (const [family, lane] of this.#lanes) {
      const node = this.#nodeState.thisNode(family);
      if (sameNode(lane.node, node)) continue;
      lane.node = node;
      lane.table.moveTo(node, this.#portsOf(family), keysOf(touched, family));
    }
    this.#followSettings();
  }

  #followSettings(): void {
    for (const [family, lane] of this.#lanes) {
      const settings = this.settings(family);
      lane.sync.configure(settings);
      for (const follower of lane.followers)
        follower.acceptNodePortsOn(settings.nodePortAddresses, this.#nodeState.hostAddresses);
      const warning = this.#hasStarted ? this.#nodeState.nodePortWarning(family) : undefined;
      if (warning !== undefined && warning !== lane.warning) this.#onNodePortWarning(warning);
      lane.warning = warning;
    }
  }

  *#portsOf(family: Family): Iterable<ServedPort> {
    for (const port of this.#services.servedPorts()) if (port.family === family) yield port;
  }
}

function withFollowers(observer: SyncObserver, followers: readonly Follower[]): SyncObserver {
  if (followers.length === 0) return observer;
  return {
    synced: (report) => observer.synced(report),
    refused: (report) => observer.refused(report),
    failed: (report) => observer.failed(report),
    caughtUp(report) {
      for (const follower of followers) follower.afterSync();
      observer.caughtUp?.(report);
    },
  };
}

function keysOf(touched: Map<Family, TouchedKeys>, family: Family): TouchedKeys {
  const keys = touched.get(family) ?? noTouchedKeys();
  touched.set(family, keys);
  return keys;
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
