/**
 * One round of list and watch.
 *
 * In: a plan of what to ask for. Out: changes of a store, as events. It fails where the list or the watch does; what came
 * before counts, except that of a list that is not complete.
 */
import type { ObjectEvent } from '../../api/objects.ts';
import { ApiError } from '../http/api-error.ts';
import type { Bookmark, ObjectChange } from '../messages/watch-event.ts';
import type { Attempt } from './attempt.ts';
import { takeIntoSnapshot, takeIntoStore, takeItem } from './change-taker.ts';
import type { ListPlan } from './list-plan.ts';
import type { EventChunk, ListWatch } from './list-watch.ts';
import type { ObjectStore } from './object-store.ts';
import type { ProblemReport } from './problem-report.ts';
import { nextPage, type Query, streamingList, watchFrom } from './queries.ts';
import { Snapshot } from './snapshot.ts';
import { StaleVersionError } from './stale-version-error.ts';
import { isOlder } from './versions.ts';

export interface FollowerOptions {
  readonly api: ListWatch;
  readonly store: ObjectStore;
  readonly plan: ListPlan;
  readonly report: ProblemReport;
  /** How long the server shall keep a watch, in seconds. */
  readonly watchSeconds: () => number;
  /** A watch that lives so long is a good one. Milliseconds. */
  readonly shortWatch: number;
  /** Never called with nothing. */
  readonly onEvents: (events: readonly ObjectEvent[]) => void;
  /** A list is complete, and its events have been given out. */
  readonly onListed: () => void;
}

export class Follower {
  readonly #options: FollowerOptions;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Lists if the plan says so, and watches until the server ends that. */
  async follow(attempt: Attempt, signal: AbortSignal): Promise<void> {
    const { plan, watchSeconds } = this.#options;
    if (plan.mustList && plan.canStream) {
      attempt.phase = 'streaming-list';
      return this.#stream(streamingList(plan.version, watchSeconds()), attempt, new Snapshot(), signal);
    }
    if (plan.mustList) await this.#listPages(attempt, signal);
    attempt.phase = 'watch';
    return this.#stream(watchFrom(plan.version, watchSeconds()), attempt, undefined, signal);
  }

  async #listPages(attempt: Attempt, signal: AbortSignal): Promise<void> {
    const { api, plan, report } = this.#options;
    const snapshot = new Snapshot();
    attempt.phase = 'list';
    let page = await api.list(plan.listQuery(), signal);
    for (const item of page.items) takeItem(snapshot, item, report);
    attempt.phase = 'next-page';
    while (page.continueToken !== '') {
      page = await api.list(nextPage(page.continueToken), signal);
      for (const item of page.items) takeItem(snapshot, item, report);
    }
    this.#replace(snapshot, page.resourceVersion);
  }

  /** Reads a stream to its end. With a snapshot, it begins with a list. */
  async #stream(
    query: Query,
    attempt: Attempt,
    snapshot: Snapshot | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const events = await this.#options.api.watch(query, signal);
    attempt.opened();
    if (snapshot === undefined) attempt.phase = 'events';
    const healthy = setTimeout(() => {
      if (attempt.phase === 'events') this.#options.report.works();
    }, this.#options.shortWatch);
    try {
      let incoming = snapshot;
      await events.follow((chunk) => {
        incoming = this.#takeChunk(chunk, attempt, incoming);
      });
      if (incoming !== undefined) throw new Error('the stream ended before the list was complete');
    } finally {
      clearTimeout(healthy);
    }
  }

  /** Returns the list if it is still incomplete after this chunk. */
  #takeChunk(chunk: EventChunk, attempt: Attempt, snapshot: Snapshot | undefined): Snapshot | undefined {
    const changes: ObjectEvent[] = [];
    let incoming = snapshot;
    try {
      for (const event of chunk) {
        if (event.type === 'error') throw new ApiError(event.status);
        attempt.eventCount++;
        if (incoming === undefined) this.#takeChange(event, changes);
        else incoming = this.#takeInitial(event, incoming, attempt);
      }
    } finally {
      if (changes.length > 0) this.#options.onEvents(changes);
    }
    return incoming;
  }

  #takeInitial(event: ObjectChange | Bookmark, snapshot: Snapshot, attempt: Attempt): Snapshot | undefined {
    if (event.type !== 'bookmark') {
      takeIntoSnapshot(snapshot, event, this.#options.report);
      return snapshot;
    }
    if (!event.isInitialEnd) return snapshot;
    this.#replace(snapshot, event.resourceVersion ?? '');
    attempt.phase = 'events';
    return undefined;
  }

  /** Events never go back in time, unless the server was restored from a backup. */
  #takeChange(event: ObjectChange | Bookmark, changes: ObjectEvent[]): void {
    const { plan, store, report } = this.#options;
    const { resourceVersion } = event;
    if (resourceVersion !== undefined && isOlder(resourceVersion, plan.version))
      throw new StaleVersionError();
    if (event.type !== 'bookmark') {
      for (const change of takeIntoStore(store, event, report)) changes.push(change);
    }
    plan.advanced(resourceVersion);
  }

  #replace(snapshot: Snapshot, version: string): void {
    const { store, plan, report, onEvents, onListed } = this.#options;
    const events = store.replace(snapshot);
    plan.listed(version, performance.now());
    report.works();
    if (events.length > 0) onEvents(events);
    onListed();
  }
}
