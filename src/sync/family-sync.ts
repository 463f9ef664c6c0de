import { ApplyError, type Backend } from '../backends/backend.ts';
import { adopt } from '../delta/adopt.ts';
import { allKeys, applyDelta, type Delta, deltaBetween, isEmpty } from '../delta/delta.ts';
import { emptyProgrammedTable, type ProgrammedTable } from '../delta/programmed-table.ts';
import { noTouchedKeys, type TouchedKeys, type WantedTable } from '../forwarding/forwarding-table.ts';
import { type NodeSettings, settingsText } from '../forwarding/node-settings.ts';
import type { Family } from '../net/address.ts';
import { Backoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import { withoutRefused } from './refusals.ts';

/** What a sync tells about itself. */
export interface SyncObserver {
  /** A delta is in the kernel; `microseconds` counts from the oldest request that it answers. */
  synced(report: { family: Family; delta: Delta; microseconds: number }): void;
  /** The kernel refused an entry (see {@link ApplyError}): it stays as it was, all others are served. */
  refused(report: { family: Family; entry: string; error: Error }): void;
  /** An attempt failed; the next follows after `retryAfter` milliseconds. */
  failed(report: { family: Family; error: unknown; retryAfter: number }): void;
  /** After one or more deltas nothing is on its way or waits: the kernel is as all requests so far want it. */
  caughtUp?(report: { family: Family }): void;
}

/** Errors that mean "what I remember of the kernel is wrong": read it back before blaming an entry. */
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
  #settings: NodeSettings;
  /** The settings are others than those that the backend was last prepared for. */
  #mustPrepare = true;
  #programmed: ProgrammedTable = emptyProgrammedTable();
  #touched: TouchedKeys = noTouchedKeys();
  /** When the oldest request came that is neither answered nor on its way. */
  #requestedAt: number | undefined;
  /** When the oldest request came whose answer is not in the kernel, on its way or not. */
  #unansweredSince: number | undefined;
  /** Entries that the kernel did not take; they wait until an event touches them. */
  readonly #refused = new Set<string>();
  /** The entry that the last attempt failed at. */
  #suspect: string | undefined;
  #mustReadBack = true;
  #hasStarted = false;
  #isBusy = false;
  #hasCommitted = false;
  #isClosed = false;
  #cancelRetry: (() => void) | undefined;
  #waiters: (() => void)[] = [];

  constructor(
    backend: Backend,
    wanted: WantedTable,
    settings: NodeSettings,
    observer: SyncObserver,
    clock: Clock,
  ) {
    this.#settings = settings;
    this.#backend = backend;
    this.#wanted = wanted;
    this.#observer = observer;
    this.#clock = clock;
  }

  /** Asks for these keys to be brought to the kernel. The first request adopts what the kernel holds already. */
  request(touched: TouchedKeys): void {
    this.#hasStarted = true;
    for (const entries of ['frontends', 'slotSets', 'sourceLists'] as const) {
      for (const key of touched[entries]) {
        this.#touched[entries].add(key);
        this.#refused.delete(key);
      }
    }
    for (const address of touched.clusterIPs) this.#touched.clusterIPs.add(address);
    for (const address of touched.hairpins) this.#touched.hairpins.add(address);
    this.#wake();
  }

  /** Asks for the rules to follow these settings. Before the first {@link request} they only wait for it. */
  configure(settings: NodeSettings): void {
    if (settingsText(settings) === settingsText(this.#settings)) return;
    this.#settings = settings;
    this.#mustPrepare = true;
    if (this.#hasStarted) this.#wake();
  }

  /** Resolves when nothing waits and nothing is on its way: the kernel holds what is wanted, but for the refused. */
  settled(): Promise<void> {
    if (this.#isSettled()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  get refusedEntries(): ReadonlySet<string> {
    return this.#refused;
  }

  /** For how long the oldest request has waited that the kernel does not hold yet, in microseconds; 0 if there is none. */
  get waiting(): number {
    return this.#unansweredSince === undefined ? 0 : this.#clock.now() - this.#unansweredSince;
  }

  /** Stops for good. The backend stays open: it is not ours. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
    this.#settle();
  }

  #wake(): void {
    this.#requestedAt ??= this.#clock.now();
    this.#unansweredSince ??= this.#requestedAt;
    if (!this.#isBusy) queueMicrotask(() => this.#run());
  }

  #run(): void {
    const since = this.#requestedAt;
    if (this.#isBusy || this.#isClosed || since === undefined || this.#cancelRetry !== undefined) return;
    if (this.#mustReadBack) this.#inBackground(this.#resync(since), since);
    else if (this.#mustPrepare) this.#inBackground(this.#prepare(), since);
    else this.#writeTouched(since);
  }

  async #prepare(): Promise<void> {
    const settings = this.#settings;
    await this.#backend.prepare(settings);
    this.#mustPrepare = settings !== this.#settings;
  }

  #writeTouched(since: number): void {
    this.#requestedAt = undefined;
    const keys = withoutRefused(this.#touched, this.#wanted, this.#refused);
    this.#touched = noTouchedKeys();
    try {
      const delta = deltaBetween(this.#programmed, this.#wanted, keys);
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
    await this.#prepare();
    const { table, strays } = await this.#backend.read();
    adopt(table, this.#wanted);
    this.#programmed = table;
    this.#touched = noTouchedKeys();
    // Settings that changed since are still to come.
    this.#requestedAt = this.#mustPrepare ? since : undefined;
    const keys = withoutRefused(allKeys(table, this.#wanted), this.#wanted, this.#refused);
    const delta = deltaBetween(table, this.#wanted, keys);
    if (strays > 0 || !isEmpty(delta)) await this.#backend.apply(delta);
    this.#mustReadBack = false;
    this.#committed(delta, since);
    // The settings changed since they were taken for this.
    if (this.#mustPrepare) this.#wake();
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
    this.#hasCommitted = true;
    this.#unansweredSince = this.#requestedAt;
    this.#observer.synced({ family: this.#backend.family, delta, microseconds: this.#clock.now() - since });
    this.#settle();
  }

  #recover(error: unknown, since: number): void {
    this.#mustReadBack = true;
    this.#requestedAt = since;
    const family = this.#backend.family;
    const entry = error instanceof ApplyError ? error.entry : undefined;
    const isRepeated = entry !== undefined && entry === this.#suspect;
    this.#suspect = entry;
    if (error instanceof ApplyError && entry !== undefined && (isRepeated || !STALE_MEMORY.has(error.code))) {
      this.#refused.add(entry);
      this.#retry(0);
      this.#observer.refused({ family, entry, error });
      return;
    }
    const retryAfter = entry === undefined ? this.#backoff.next() : 0;
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
    if (this.#hasCommitted && !this.#isClosed) {
      this.#hasCommitted = false;
      this.#observer.caughtUp?.({ family: this.#backend.family });
    }
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}
