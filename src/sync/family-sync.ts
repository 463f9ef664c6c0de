import { ApplyError, type Backend } from '../backends/backend.ts';
import { applyDelta, type Delta, deltaBetween, isEmpty } from '../delta/delta.ts';
import { emptyProgrammedTable, type ProgrammedTable } from '../delta/programmed-table.ts';
import { noTouchedKeys, type TouchedKeys, type WantedTable } from '../forwarding/forwarding-table.ts';
import type { Family } from '../net/address.ts';
import { Backoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import { withoutRefused } from './refusals.ts';

/** What a sync tells about itself. */
export interface SyncObserver {
  /** A delta is in the kernel; `microseconds` counts from the oldest request that it answers. */
  synced(report: { family: Family; delta: Delta; microseconds: number }): void;
  /** The kernel refused a frontend: it stays as it was, all others are served. */
  refused(report: { family: Family; frontend: string; error: Error }): void;
  /** An attempt failed; the next follows after `retryAfter` milliseconds. */
  failed(report: { family: Family; error: unknown; retryAfter: number }): void;
}

/** Errors that mean "what I remember of the kernel is wrong": read it back before blaming a frontend. */
const STALE_MEMORY = new Set(['EEXIST', 'ENOENT']);

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 30_000;

/**
 * Keeps the kernel of one family equal to the wanted table.
 *
 * Requests of one turn of the event loop become one delta; while one is on its way the next gathers. At start
 * and after a failure the kernel is read back and the whole tables are compared; else only touched keys are.
 */
export class FamilySync {
  readonly #backend: Backend;
  readonly #wanted: WantedTable;
  readonly #observer: SyncObserver;
  readonly #clock: Clock;
  readonly #backoff = new Backoff(FIRST_RETRY_MS, LAST_RETRY_MS);
  #programmed: ProgrammedTable = emptyProgrammedTable();
  #touched: TouchedKeys = noTouchedKeys();
  /** When the oldest request came that is neither answered nor on its way. */
  #requestedAt: number | undefined;
  /** Frontends that the kernel did not take; they wait until an event touches them. */
  readonly #refused = new Set<string>();
  /** The frontend that the last attempt failed at. */
  #suspect: string | undefined;
  #mustReadBack = true;
  #isBusy = false;
  #isClosed = false;
  #cancelRetry: (() => void) | undefined;
  #waiters: (() => void)[] = [];

  constructor(backend: Backend, wanted: WantedTable, observer: SyncObserver, clock: Clock) {
    this.#backend = backend;
    this.#wanted = wanted;
    this.#observer = observer;
    this.#clock = clock;
  }

  /** Asks for these keys to be brought to the kernel. The first request adopts what the kernel holds already. */
  request(touched: TouchedKeys): void {
    for (const key of touched.frontends) {
      this.#touched.frontends.add(key);
      this.#refused.delete(key);
    }
    for (const address of touched.clusterIPs) this.#touched.clusterIPs.add(address);
    for (const address of touched.hairpins) this.#touched.hairpins.add(address);
    this.#requestedAt ??= this.#clock.now();
    if (!this.#isBusy) queueMicrotask(() => this.#run());
  }

  /** Resolves when nothing waits and nothing is on its way: the kernel holds what is wanted, but for the refused. */
  settled(): Promise<void> {
    if (this.#isSettled()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  get refusedFrontends(): ReadonlySet<string> {
    return this.#refused;
  }

  /** Stops for good. The backend stays open: it is not ours. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
    this.#settle();
  }

  #run(): void {
    const since = this.#requestedAt;
    if (this.#isBusy || this.#isClosed || since === undefined || this.#cancelRetry !== undefined) return;
    if (this.#mustReadBack) this.#inBackground(this.#resync(since), since);
    else this.#writeTouched(since);
  }

  #writeTouched(since: number): void {
    this.#requestedAt = undefined;
    const delta = deltaBetween(this.#programmed, this.#wanted, this.#touched);
    this.#touched = noTouchedKeys();
    try {
      const pending = this.#backend.apply(delta);
      if (pending === undefined) this.#committed(delta, since);
      else
        this.#inBackground(
          pending.then(() => this.#committed(delta, since)),
          since,
        );
    } catch (error) {
      this.#recover(error, since);
    }
  }

  async #resync(since: number): Promise<void> {
    await this.#backend.prepare();
    const { table, strays } = await this.#backend.read();
    this.#programmed = table;
    this.#touched = noTouchedKeys();
    this.#requestedAt = undefined;
    const delta = deltaBetween(table, withoutRefused(this.#wanted, table, this.#refused));
    if (strays > 0 || !isEmpty(delta)) await this.#backend.apply(delta);
    this.#mustReadBack = false;
    this.#committed(delta, since);
  }

  #inBackground(work: Promise<void>, since: number): void {
    this.#isBusy = true;
    work
      .catch((error: unknown) => this.#recover(error, since))
      .finally(() => {
        this.#isBusy = false;
        this.#run();
        this.#settle();
      });
  }

  #committed(delta: Delta, since: number): void {
    applyDelta(this.#programmed, delta);
    this.#backoff.reset();
    this.#suspect = undefined;
    this.#observer.synced({ family: this.#backend.family, delta, microseconds: this.#clock.now() - since });
    this.#settle();
  }

  #recover(error: unknown, since: number): void {
    this.#mustReadBack = true;
    this.#requestedAt = since;
    const family = this.#backend.family;
    const frontend = error instanceof ApplyError ? error.frontend : undefined;
    const isRepeated = frontend !== undefined && frontend === this.#suspect;
    this.#suspect = frontend;
    if (
      error instanceof ApplyError &&
      frontend !== undefined &&
      (isRepeated || !STALE_MEMORY.has(error.code))
    ) {
      this.#refused.add(frontend);
      this.#retry(0);
      this.#observer.refused({ family, frontend, error });
      return;
    }
    const retryAfter = frontend === undefined ? this.#backoff.next() : 0;
    this.#retry(retryAfter);
    this.#observer.failed({ family, error, retryAfter });
  }

  #retry(milliseconds: number): void {
    this.#cancelRetry?.();
    this.#cancelRetry = this.#clock.after(milliseconds, () => {
      this.#cancelRetry = undefined;
      this.#run();
    });
  }

  #isSettled(): boolean {
    return this.#isClosed || (!this.#isBusy && this.#requestedAt === undefined);
  }

  #settle(): void {
    if (!this.#isSettled()) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}
