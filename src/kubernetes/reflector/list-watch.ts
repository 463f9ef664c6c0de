import type { ListPage } from '../messages/list-page.ts';
import type { WatchEvent } from '../messages/watch-event.ts';
import type { Query } from './queries.ts';

/** What one chunk of bytes completes. To be read to its end before `take` returns. */
export type EventChunk = Iterable<WatchEvent>;

/** A watch that the server has accepted. */
export interface EventStream {
  /**
   * Hands over each chunk as soon as its bytes have been read. Resolves when the server ends the watch; rejects when
   * it breaks, with a MessageError at what is no event, and with whatever `take` throws. To be called once.
   */
  follow(take: (chunk: EventChunk) => void): Promise<void>;
}

/** A resource as it can be listed and watched. Both reject with an ApiError if the server refuses. */
export interface ListWatch {
  list(query: Query, signal: AbortSignal): Promise<ListPage>;
  watch(query: Query, signal: AbortSignal): Promise<EventStream>;
}
