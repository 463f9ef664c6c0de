/** The queries of lists and watches (wire.md 5), as parameters. Versions are opaque; "" stands for none. */

export type Query = Readonly<Record<string, string>>;

const PAGE_SIZE = '500';

/** What the server's cache has, whatever its age: cheap for both sides. */
export const FIRST_LIST: Query = { limit: PAGE_SIZE, resourceVersion: '0' };

/** A list again: not older than what was seen, or the very newest if there is no such version. */
export function relist(version: string): Query {
  return version === '' ? { limit: PAGE_SIZE } : { resourceVersion: version };
}

/** Everything at once: for clusters so large that the token of the next page expires before it is used. */
export const WHOLE_LIST: Query = {};

/** The next page; a version must not be sent along. */
export function nextPage(continueToken: string): Query {
  return { limit: PAGE_SIZE, continue: continueToken };
}

/** All objects as events of a watch that then goes on with changes. */
export function streamingList(version: string, seconds: number): Query {
  return {
    watch: 'true',
    allowWatchBookmarks: 'true',
    sendInitialEvents: 'true',
    resourceVersionMatch: 'NotOlderThan',
    timeoutSeconds: String(seconds),
    ...(version !== '' && { resourceVersion: version }),
  };
}

export function watchFrom(version: string, seconds: number): Query {
  return {
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: version,
    timeoutSeconds: String(seconds),
  };
}
