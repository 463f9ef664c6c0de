import { FIRST_LIST, type Query, relist, WHOLE_LIST } from './queries.ts';
import type { Recovery } from './recovery.ts';

export interface ListTimings {
  readonly betweenLists: number;
  readonly internalErrors: number;
}

/** From where to go on, and whether by a list. Times are given in milliseconds, by whoever asks. */
export class ListPlan {
  readonly #timings: ListTimings;
  #version = '';
  #mustList = true;
  #canStream = true;
  #firstQuery: Query | undefined = FIRST_LIST;
  #listedAt = Number.NEGATIVE_INFINITY;
  #internalErrorsSince: number | undefined;

  constructor(timings: ListTimings) {
    this.#timings = timings;
  }

  /** The last version that was seen; "" if there is none that is of use. */
  get version(): string {
    return this.#version;
  }

  get mustList(): boolean {
    return this.#mustList;
  }

  /** Whether the server is thought to have streaming lists. */
  get canStream(): boolean {
    return this.#canStream;
  }

  /** The query of the first page. */
  listQuery(): Query {
    return this.#firstQuery ?? relist(this.#version);
  }

  /** A list is complete. */
  listed(version: string, now: number): void {
    this.#version = version;
    this.#mustList = version === '';
    this.#firstQuery = undefined;
    this.#listedAt = now;
    this.#internalErrorsSince = undefined;
  }

  /** An event was taken. */
  advanced(version: string | undefined): void {
    this.#version = version ?? this.#version;
    this.#internalErrorsSince = undefined;
  }

  /** Changes the plan after an error. Returns whether the next attempt may follow at once. */
  recover(recovery: Recovery, now: number): boolean {
    switch (recovery) {
      case 'again':
      case 'missing':
        return false;
      case 'again-then-list':
        this.#internalErrorsSince ??= now;
        this.#mustList = now - this.#internalErrorsSince > this.#timings.internalErrors;
        return false;
      case 'list-in-pages':
        this.#canStream = false;
        return true;
      case 'list':
        return this.#list(this.#version, undefined, now);
      case 'list-newest':
        return this.#list('', undefined, now);
      case 'list-whole':
        return this.#list('', WHOLE_LIST, now);
    }
  }

  #list(version: string, query: Query | undefined, now: number): boolean {
    this.#mustList = true;
    this.#version = version;
    this.#firstQuery = query;
    const isFirst = now - this.#listedAt > this.#timings.betweenLists;
    // Whatever comes of this list, another one must wait.
    this.#listedAt = now;
    return isFirst;
  }
}
