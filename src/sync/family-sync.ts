import { ApplyError, type Backend } from '../backends/backend.ts';
import { adopt } from '../delta/adopt.ts';
import {
  allKeys,
  applyDelta,
  type Delta,
  deltaBetween,
  isEmpty,
  type KeysToCompare,
} from '../delta/delta.ts';
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

/** Errors that a kernel (or the encoder) has for what an entry says. Others, such as ENOMEM, may name one by accident. */
const FAULTS_OF_ENTRY = new Set(['EINVAL', 'ERANGE', 'ENOSPC', 'ENFILE', 'E2BIG', 'ENOTEMPTY']);

function isItsFault(code: string, isRepeated: boolean): boolean {
  return FAULTS_OF_ENTRY.has(code) || (STALE_MEMORY.has(code) && isRepeated);
}

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
    if (this.#refused.size > 0) {
      for (const entries of ['frontends', 'slotSets', 'sourceLists'] as const)
        for (const key of touched[entries]) this.#refused.delete(key);
    }
    if (!this.#mustReadBack) this.#remember(touched);
    this.#wake();
  }

  #remember(touched: TouchedKeys): void {
    for (const entries of ['frontends', 'slotSets', 'sourceLists', 'clusterIPs', 'hairpins'] as const)
      for (const key of touched[entries]) this.#touched[entries].add(key);
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
    if (this.#mustReadBack) this.#inBackground(this.#resync(), since);
    else if (this.#mustPrepare)
      this.#inBackground(
        this.#prepare().then(() => undefined),
        since,
      );
    else this.#writeTouched(since);
  }

  async #prepare(): Promise<void> {
    const settings = this.#settings;
    const isMadeAnew = await this.#backend.prepare(settings);
    this.#mustPrepare = settings !== this.#settings;
    // Somebody deleted the table: what is remembered of it is gone.
    if (isMadeAnew) this.#mustReadBack = true;
  }

  #writeTouched(since: number): void {
    this.#requestedAt = undefined;
    const keys = withoutRefused(this.#touched, this.#wanted, this.#refused);
    this.#touched = noTouchedKeys();
    const attempt = this.#apply(keys);
    if ('error' in attempt) this.#recover(attempt.error, since);
    else if (attempt.pending === undefined) this.#committed(attempt.delta, since);
    else
      this.#inBackground(
        attempt.pending.then(() => attempt.delta),
        since,
      );
  }

  #apply(keys: KeysToCompare): { delta: Delta; pending: Promise<void> | undefined } | { error: unknown } {
    try {
      const delta = deltaBetween(this.#programmed, this.#wanted, keys);
      return { delta, pending: this.#backend.apply(delta) };
    } catch (error) {
      return { error };
    }
  }

  /** Resolves to what was written, or to undefined if it was closed meanwhile. */
  async #resync(): Promise<Delta | undefined> {
    await this.#prepare();
    const { table, strays } = await this.#backend.read();
    if (this.#isClosed) return undefined;
    adopt(table, this.#wanted);
    this.#programmed = table;
    this.#touched = noTouchedKeys();
    this.#requestedAt = undefined;
    // From here on the keys of requests are remembered again; should the rest fail, all is compared once more.
    this.#mustReadBack = false;
    const keys = withoutRefused(allKeys(table, this.#wanted), this.#wanted, this.#refused);
    const delta = deltaBetween(table, this.#wanted, keys);
    if (strays > 0 || !isEmpty(delta)) await this.#backend.apply(delta);
    // The settings changed since they were taken for this.
    if (this.#mustPrepare) this.#wake();
    return delta;
  }

  /** What observers throw is no failure of the work: it ends the program. */
  #inBackground(work: Promise<Delta | undefined>, since: number): void {
    this.#isBusy = true;
    void work
      .then(
        (delta) => delta && this.#committed(delta, since),
        (error: unknown) => this.#recover(error, since),
      )
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
    if (this.#isClosed) return;
    this.#mustReadBack = true;
    this.#requestedAt = since;
    const family = this.#backend.family;
    const entry = error instanceof ApplyError ? error.entry : undefined;
    const isFirst = this.#suspect === undefined;
    const isRepeated = entry === this.#suspect;
    this.#suspect = entry;
    if (error instanceof ApplyError && entry !== undefined && isItsFault(error.code, isRepeated)) {
      this.#refused.add(entry);
      this.#retry(0);
      this.#observer.refused({ family, entry, error });
      return;
    }
    const isStale = error instanceof ApplyError && STALE_MEMORY.has(error.code);
    const retryAfter = isStale && entry !== undefined && isFirst ? 0 : this.#backoff.next();
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
