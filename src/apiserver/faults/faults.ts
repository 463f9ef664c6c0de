/**
 * Faults on purpose, for tests of clients. Each is something that real servers, networks or proxies do. There is none
 * that reorders events: the real server never does.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type StatusDetails } from '../errors.ts';
import type { WatchStream } from '../http/watch-stream.ts';
import { type BrokenFrame, brokenFrame } from './broken-frame.ts';

/** What the next requests are answered with. */
export interface Failure {
  /** HTTP status: 410, 429, 500, 503 and others. */
  readonly code: number;
  readonly count: number;
  readonly retryAfterSeconds?: number;
  /** Only requests whose path contains this. */
  readonly path?: string;
}

/** What of the server the switches reach. */
export interface FaultTargets {
  readonly connections: {
    drop(): void;
    stall(): void;
    refuse(): Promise<void>;
    accept(): Promise<void>;
  };
  readonly watches: ReadonlySet<WatchStream>;
  readonly compact: () => void;
}

export class Faults {
  /** Milliseconds that each answer waits. */
  delayMs = 0;
  /** Refuse streaming lists with 422, as servers without WatchList do. */
  isWatchListDisabled = false;
  /** Answer requests for protobuf only with 406, others with JSON. */
  isProtobufDisabled = false;
  /** The bearer token that requests must have; change it to let the old one expire. */
  token: string | undefined;
  readonly #targets: FaultTargets;
  #failure: Failure | undefined;

  constructor(targets: FaultTargets, token: string | undefined) {
    this.#targets = targets;
    this.token = token;
  }

  /** Answers the next requests with an error. */
  failNext(failure: Failure): void {
    this.#failure = failure;
  }

  /** Cuts all connections, as a killed server does. */
  dropConnections(): void {
    this.#targets.connections.drop();
  }

  /** Stops to read and write on all open connections without closing them: half-open. New connections work. */
  stallConnections(): void {
    this.#targets.connections.stall();
  }

  /** Closes the port and all connections: clients get "connection refused" until {@link acceptConnections}. */
  async refuseConnections(): Promise<void> {
    await this.#targets.connections.refuse();
  }

  async acceptConnections(): Promise<void> {
    await this.#targets.connections.accept();
  }

  /** Forgets all history: watches and pages of older versions get 410. */
  compactHistory(): void {
    this.#targets.compact();
  }

  /** Ends all watches as their timeout would. */
  endWatches(): void {
    for (const watch of [...this.#targets.watches]) watch.end();
  }

  /** Ends all watches with an ERROR event. */
  failWatches(code: number): void {
    for (const watch of [...this.#targets.watches]) watch.fail(failureError({ code, count: 1 }).status());
  }

  /** Sends something on all watches that is no frame. */
  breakWatches(kind: BrokenFrame): void {
    for (const watch of [...this.#targets.watches]) {
      watch.sendRaw(brokenFrame(kind, watch.isProtobuf));
      if (kind === 'truncated') watch.cut();
    }
  }

  /** Everything back to normal, except what is already broken. */
  async reset(): Promise<void> {
    this.delayMs = 0;
    this.isWatchListDisabled = false;
    this.isProtobufDisabled = false;
    this.#failure = undefined;
    await this.acceptConnections();
  }

  /** Called with each request: waits, throws what it shall be answered with, or does nothing. */
  async intercept(path: string): Promise<void> {
    if (this.delayMs > 0) await sleep(this.delayMs);
    const failure = this.#failure;
    if (failure === undefined || !path.includes(failure.path ?? '')) return;
    const count = failure.count - 1;
    this.#failure = count > 0 ? { ...failure, count } : undefined;
    throw failureError(failure);
  }
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function failureError({ code, retryAfterSeconds }: Failure): ApiError {
  const details: StatusDetails = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new ApiError(code, REASONS[code] ?? 'Unknown', `a fault that was asked for: ${code}`, details);
}
