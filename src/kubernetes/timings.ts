/** All durations of the room, in milliseconds, so that tests can shorten them. */
export interface Timings {
  /** From a request to the head of its answer; the server's fair queueing may hold one for a minute. */
  readonly answer: number;
  /** A body that is silent for so long is given up. Bookmarks come about once a minute. */
  readonly silence: number;
  /** HTTP/2: a ping goes out when nothing was read for so long (as client-go's ReadIdleTimeout). */
  readonly pingAfter: number;
  /** HTTP/2: the connection is given up when a ping is not answered for so long (PingTimeout). */
  readonly pingAnswer: number;
  /** Waits between attempts double from the first to the longest, and start anew after some calm. */
  readonly firstBackoff: number;
  readonly longestBackoff: number;
  readonly calm: number;
  /** A watch that ends sooner without any event counts as a failure. */
  readonly shortWatch: number;
  /** Lists that a watch asks for (410) follow each other at once only if so much time is between them. */
  readonly betweenLists: number;
  /** How long a watch is tried again at internal errors of the server before the list is. */
  readonly internalErrors: number;
  /** How long a resource that the server does not have is left alone. */
  readonly missingResource: number;
  /** Token files are read again when what was read is so old. */
  readonly tokenAge: number;
  /** The server is asked to end a watch after a random time from the first to the second. */
  readonly watch: readonly [shortest: number, longest: number];
}

/** Those of client-go, where it has them. Sources: reflector.go, wire.md 5. */
export const TIMINGS: Timings = {
  answer: 75_000,
  silence: 150_000,
  pingAfter: 30_000,
  pingAnswer: 15_000,
  firstBackoff: 800,
  longestBackoff: 30_000,
  calm: 120_000,
  shortWatch: 1000,
  betweenLists: 30_000,
  internalErrors: 60_000,
  missingResource: 600_000,
  tokenAge: 55_000,
  watch: [300_000, 600_000],
};
