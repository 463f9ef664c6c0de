import type { ListPage } from '../messages/list-page.ts';
import type { WatchEvent } from '../messages/watch-event.ts';
import type { Query } from './queries.ts';

/** What one chunk of bytes completes. To be read to its end before the next one is asked for. */
export type EventChunk = Iterable<WatchEvent>;

/** A resource as it can be listed and watched. Both reject with an ApiError if the server refuses. */
export interface ListWatch {
  list(query: Query, signal: AbortSignal): Promise<ListPage>;
  /** Opens a watch. It ends when the server ends it, and fails with a MessageError at what is no event. */
  watch(query: Query, signal: AbortSignal): Promise<AsyncIterable<EventChunk>>;
}
