import type { ConnectionTable } from '../native/addon.ts';
import type { Family } from '../net/address.ts';
import type { ServedPortChange } from '../services/served-port.ts';
import { type Clock, systemClock } from '../sync/clock.ts';
import { Claims } from './claims.ts';
import { NodeAddresses } from './node-addresses.ts';
import { rulesFor } from './rules.ts';
import { addTouched, isNothing, nothingTouched, type Touched } from './touched.ts';

/** What a cleanup tells about itself. */
export interface ConntrackObserver {
  /** A run is done; `seen` are the UDP entries of the family that it looked at. */
  cleaned(report: { family: Family; seen: number; deleted: number; microseconds: number }): void;
  /** A run failed; another follows, which does its work too. */
  failed(report: { family: Family; error: unknown }): void;
}

export interface ConntrackCleanupOptions {
  readonly family: Family;
  /** Where the backend's connections are remembered; closed with this. */
  readonly table: ConnectionTable;
  readonly observer: ConntrackObserver;
  readonly clock?: Clock;
}

/** After a run there is a rest so many times as long: one run after the other takes a fifth of a core at most. */
const REST = 4;

/** After a run that failed its work is tried again, so much later or with what comes first after that. */
const REST_AFTER_FAILURE_US = 10_000_000;

/**
 * Removes the entries of UDP connections to endpoints that they should not go to any more (section 15 of the
 * behaviour). Connections of TCP and SCTP are left to end by themselves (CT-01, CT-10).
 *
 * In: changes of service ports, and word that the kernel's rules have caught up with them. Out: deleted entries, a
 * moment later, while everything else goes on. Only entries to frontends that changed are looked at; after start
 * that is all of them (CT-02).
 */
export class ConntrackCleanup {
  readonly #family: Family;
  readonly #table: ConnectionTable;
  readonly #observer: ConntrackObserver;
  readonly #clock: Clock;
  readonly #claims = new Claims();
  readonly #nodeAddresses: NodeAddresses;
  /** What changed and is not yet in the kernel for all we know (CT-13). */
  #touched = nothingTouched();
  /** What changed in the kernel, and waits for a run. */
  #due = nothingTouched();
  #isBusy = false;
  #isClosed = false;
  /** In microseconds of the clock. */
  #restsUntil = 0;
  #cancelRest = (): void => {};
  #waiters: (() => void)[] = [];

  constructor({ family, table, observer, clock = systemClock }: ConntrackCleanupOptions) {
    this.#family = family;
    this.#table = table;
    this.#observer = observer;
    this.#clock = clock;
    this.#nodeAddresses = new NodeAddresses(family);
  }

  /** Takes a change of a service port; those of other families and protocols are nothing to it. */
  touch(change: ServedPortChange): void {
    const port = change.after ?? change.before;
    if (port?.protocol !== 'UDP' || port.family !== this.#family) return;
    this.#claims.update(port.id, change.after, this.#touched);
  }

  /**
   * Takes the addresses on which node ports are accepted: those given or, if `any` is, all of the host's but
   * loopback. Other families may be among them.
   */
  acceptNodePortsOn(accepted: 'any' | readonly string[], hostAddresses: readonly string[]): void {
    const nodePorts = new Map(this.#claims.nodePorts());
    for (const [key, frontend] of this.#touched.frontends) {
      if (frontend.address === undefined) nodePorts.set(key, frontend);
    }
    this.#nodeAddresses.update(accepted, hostAddresses, nodePorts, this.#touched.frontends);
  }

  /**
   * To be called when the kernel's rules are as all calls so far want them; never while a sync of some of them is on
   * its way, or connections that the old rules still make would be missed.
   */
  afterSync(): void {
    addTouched(this.#due, this.#touched);
    this.#touched = nothingTouched();
    this.#schedule();
  }

  /** Resolves when no run waits or is on its way. */
  settled(): Promise<void> {
    if (!this.#isBusy) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Nothing is told after it. May be called again. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRest();
    this.#table.close();
    this.#finish();
  }

  /** Runs when the rest is over. What else becomes due until then is done in the same run. */
  #schedule(): void {
    if (this.#isBusy || this.#isClosed || isNothing(this.#due)) return;
    this.#isBusy = true;
    const milliseconds = Math.max(0, (this.#restsUntil - this.#clock.now()) / 1000);
    this.#cancelRest = this.#clock.after(milliseconds, () => this.#run());
  }

  async #run(): Promise<void> {
    const touched = this.#due;
    this.#due = nothingTouched();
    const start = this.#clock.now();
    const outcome = await this.#clean(touched);
    if (this.#isClosed) return;
    const now = this.#clock.now();
    const isFailed = 'error' in outcome;
    this.#restsUntil = now + (isFailed ? REST_AFTER_FAILURE_US : REST * (now - start));
    const family = this.#family;
    if ('error' in outcome) this.#observer.failed({ family, error: outcome.error });
    else this.#observer.cleaned({ family, ...outcome, microseconds: now - start });
    if (isFailed) addTouched(this.#due, touched);
    this.#finish();
  }

  async #clean(touched: Touched): Promise<{ seen: number; deleted: number } | { error: unknown }> {
    try {
      const frontends = this.#claims.frontendsOf(touched);
      return await this.#table.deleteStale(rulesFor(frontends, this.#claims, this.#nodeAddresses.accepted));
    } catch (error) {
      return { error };
    }
  }

  /** Goes on with what became due meanwhile. */
  #finish(): void {
    this.#isBusy = false;
    this.#schedule();
    if (this.#isBusy) return;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
