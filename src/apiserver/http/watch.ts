/** Requests to watch (wire.md 5): from a version, from now, or as a streaming list. */
import { randomInt } from 'node:crypto';
import type { Codec } from '../codec/codec.ts';
import { type ApiError, expired, invalid, tooLargeVersion } from '../errors.ts';
import { type FieldError, forbidden } from '../field-error.ts';
import type { Collection } from '../storage/collection.ts';
import type { Storage } from '../storage/storage.ts';
import type { Exchange } from './exchange.ts';
import type { Selection } from './selection.ts';
import { WatchStream } from './watch-stream.ts';

export interface WatchSettings {
  readonly bookmarkIntervalMs: number;
  /** Whether streaming lists are refused, as servers do that do not have them. */
  readonly isWatchListDisabled: boolean;
  /** All open watches. */
  readonly open: Set<WatchStream>;
}

interface WatchRequest {
  readonly version: number | undefined;
  readonly isStreamingList: boolean;
  readonly isWithBookmarks: boolean;
  readonly timeoutMs: number;
}

/** Answers a request to watch. Once it has begun, errors are events of the stream. */
export function startWatch(
  exchange: Exchange,
  codec: Codec,
  storage: Storage,
  collection: Collection,
  selection: Selection,
  settings: WatchSettings,
): void {
  const request = parseWatch(exchange, settings);
  exchange.stream(codec.streamType);
  const stream = new WatchStream(codec, selection.matches, collection, exchange.response);
  settings.open.add(stream);
  const stopClocks = startClocks(stream, storage, request, settings);
  stream.onEnd(() => {
    settings.open.delete(stream);
    stopClocks();
  });
  sendBeginning(stream, storage, collection, request);
}

function parseWatch(exchange: Exchange, { isWatchListDisabled }: WatchSettings): WatchRequest {
  const errors = isWatchListDisabled ? watchListRefused(exchange) : watchListErrors(exchange);
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', plural: '', kind: 'ListOptions' }, '', errors);
  return {
    version: exchange.number('resourceVersion'),
    isStreamingList: exchange.flag('sendInitialEvents'),
    isWithBookmarks: exchange.flag('allowWatchBookmarks'),
    timeoutMs: 1000 * (exchange.number('timeoutSeconds') || randomInt(1800, 3600)),
  };
}

function watchListRefused(exchange: Exchange): FieldError[] {
  if (exchange.query('sendInitialEvents') === undefined) return [];
  return [
    forbidden(
      'sendInitialEvents',
      'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
    ),
  ];
}

function watchListErrors(exchange: Exchange): FieldError[] {
  const match = exchange.query('resourceVersionMatch');
  const hasInitial = exchange.query('sendInitialEvents') !== undefined;
  if (hasInitial && match !== 'NotOlderThan') {
    return [
      forbidden(
        'resourceVersionMatch',
        'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      ),
    ];
  }
  if (!hasInitial && match !== undefined) {
    return [
      forbidden(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      ),
    ];
  }
  return [];
}

function sendBeginning(
  stream: WatchStream,
  storage: Storage,
  collection: Collection,
  request: WatchRequest,
): void {
  const { version, isStreamingList, isWithBookmarks } = request;
  if (isStreamingList && version !== undefined && version > storage.version) {
    stream.fail(tooLargeVersion(version, storage.version).status());
    return;
  }
  if (isStreamingList || version === undefined || version === 0) {
    stream.sendExisting(collection.sorted());
    if (isStreamingList && isWithBookmarks) stream.sendBookmark(storage.version, true);
    stream.follow([]);
    return;
  }
  // A version of the future is waited for without a word, as on the real server.
  const changes = collection.history.since(version);
  if (changes !== undefined) stream.follow(changes);
  else stream.fail(tooOld(version, collection.history.floor).status());
}

function tooOld(version: number, floor: number): ApiError {
  return expired(`too old resource version: ${version} (${floor})`);
}

/** The timeout, bookmarks once in a while and one just before the end. Returns what stops them. */
function startClocks(
  stream: WatchStream,
  storage: Storage,
  request: WatchRequest,
  settings: WatchSettings,
): () => void {
  const bookmark = (): void => {
    if (request.isWithBookmarks) stream.sendBookmark(storage.version, false);
  };
  const interval = setInterval(bookmark, settings.bookmarkIntervalMs).unref();
  const timeout = setTimeout(() => {
    bookmark();
    stream.end();
  }, request.timeoutMs).unref();
  return () => {
    clearInterval(interval);
    clearTimeout(timeout);
  };
}
