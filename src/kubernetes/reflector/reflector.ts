/**
 * Keeps a store equal to what the API server has of one resource.
 *
 * In: a resource and a way to list and watch it. Out: events, only differences, as soon as they are known; and a word
 * when the first list is complete. A list that breaks off changes nothing; while the server is away nothing happens.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ObjectEvent } from '../../api/objects.ts';
import { ApiError } from '../http/api-error.ts';
import { MessageError } from '../messages/message-error.ts';
import type { Timings } from '../timings.ts';
import { Attempt } from './attempt.ts';
import { Backoff } from './backoff.ts';
import { NamelessChangeError } from './change-taker.ts';
import { Follower } from './follower.ts';
import { ListPlan } from './list-plan.ts';
import type { ListWatch } from './list-watch.ts';
import { ObjectStore } from './object-store.ts';
import { type ProblemListener, ProblemReport } from './problem-report.ts';
import { type Recovery, recoveryOf } from './recovery.ts';
import type { Resource } from './resource.ts';
import { StaleVersionError } from './stale-version-error.ts';

export interface ReflectorOptions extends ProblemListener {
  readonly resource: Resource;
  readonly api: ListWatch;
  readonly timings: Timings;
  readonly random: () => number;
  /** Never called with nothing. */
  readonly onEvents: (events: readonly ObjectEvent[]) => void;
  /** The first list is complete, or it is known that there will be none. Called once. */
  readonly onSynced: () => void;
}

export class Reflector {
  /** What has been given out. */
  readonly store: ObjectStore = new ObjectStore();
  readonly #options: ReflectorOptions;
  readonly #backoff: Backoff;
  readonly #report: ProblemReport;
  readonly #plan: ListPlan;
  readonly #follower: Follower;
  #isSynced = false;

  constructor(options: ReflectorOptions) {
    const { api, timings, random, resource, onEvents } = options;
    this.#options = options;
    this.#backoff = new Backoff(timings, random);
    this.#report = new ProblemReport(resource.kind, options);
    this.#plan = new ListPlan(timings);
    this.#follower = new Follower({
      api,
      store: this.store,
      plan: this.#plan,
      report: this.#report,
      watchSeconds: () => randomSeconds(timings.watch, random),
      shortWatch: timings.shortWatch,
      onEvents,
      onListed: () => this.#synced(),
    });
  }

  /** Follows the resource until the signal ends it. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const wait = await this.#try(signal);
      if (wait > 0) await delay(wait, undefined, { signal }).catch(() => {});
    }
  }

  /** One round of list and watch. How long to wait before the next, in milliseconds. */
  async #try(signal: AbortSignal): Promise<number> {
    const attempt = new Attempt();
    try {
      await this.#follower.follow(attempt, signal);
      const { shortWatch, silence } = this.#options.timings;
      if (attempt.eventCount > 0) return 0;
      if (attempt.lived() < shortWatch) throw new Error('the watch ended at once, without any event');
      // Not even a bookmark.
      if (attempt.lived() >= silence) throw new StaleVersionError();
      return 0;
    } catch (error) {
      return signal.aborted ? 0 : this.#recover(error, attempt);
    }
  }

  /** Decides how to go on after an error. Returns how long to wait before that. */
  #recover(error: unknown, attempt: Attempt): number {
    const { resource, timings } = this.#options;
    const recovery = this.#recoveryOf(error, attempt);
    if (resource.isOptional && (recovery === 'missing' || isForbidden(error))) this.#synced();
    if (resource.isOptional && recovery === 'missing') return timings.missingResource;
    if (this.#plan.recover(recovery, performance.now())) return 0;
    if (!isBrokenOff(error, attempt, timings.shortWatch)) return this.#failed(error);
    // Connections do end now and then; bytes that make no sense are worth a word.
    if (error instanceof MessageError) this.#report.failed(error.message);
    return 0;
  }

  #recoveryOf(error: unknown, attempt: Attempt): Recovery {
    const isSilent = attempt.eventCount === 0 && attempt.lived() >= this.#options.timings.silence;
    const needsList = error instanceof NamelessChangeError || error instanceof StaleVersionError || isSilent;
    return needsList ? 'list' : recoveryOf(error, attempt.phase);
  }

  #failed(error: unknown): number {
    this.#report.failed(error instanceof Error ? error.message : String(error));
    const retryAfter = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
    return Math.max(this.#backoff.next(performance.now()), retryAfter);
  }

  #synced(): void {
    if (this.#isSynced) return;
    this.#isSynced = true;
    this.#options.onSynced();
  }
}

/** Older clusters do not let the proxy have a resource that is new: that may not keep the node from starting. */
function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status.code === 403;
}

/** A stream that did its work for a while: the next may follow at once. */
function isBrokenOff(error: unknown, attempt: Attempt, shortWatch: number): boolean {
  return !(error instanceof ApiError) && attempt.phase === 'events' && attempt.lived() >= shortWatch;
}

/** Random, so that not all watches of a cluster end together. The range is in milliseconds. */
function randomSeconds([shortest, longest]: readonly [number, number], random: () => number): number {
  return Math.ceil((shortest + random() * (longest - shortest)) / 1000);
}
