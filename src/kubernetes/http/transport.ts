/** A way to send requests. Knows nothing of Kubernetes. */
import type { Readable } from 'node:stream';

export interface HttpRequest {
  /** With query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the request, also while its body is read. */
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Fails when the connection does, when nothing comes for too long and when it is cut off. To be read or destroyed. */
  readonly body: Readable;
}

export interface Transport {
  /** Sends a GET. Rejects if no answer can be had. */
  get(request: HttpRequest): Promise<HttpResponse>;
  /** Ends all connections. */
  close(): void;
}

/** The limits of {@link Transport}s, in milliseconds; meanings in timings.ts. */
export interface TransportTimings {
  readonly answer: number;
  readonly silence: number;
  readonly pingAfter: number;
  readonly pingAnswer: number;
}

/** A header that has one value. */
export function headerOf({ headers }: HttpResponse, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
