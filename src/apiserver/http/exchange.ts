/** A request and its answer. HTTP/2 comes here too, through the same interface (Node's compatibility API). */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { badRequest, tooLarge } from '../errors.ts';

const MOST_BODY_BYTES = 3 * 1024 * 1024;
const GZIP_FROM_BYTES = 128 * 1024;

export interface Answer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Exchange {
  readonly method: string;
  readonly url: URL;
  readonly response: ServerResponse;
  readonly #request: IncomingMessage;
  /** The connection is of no more use: what comes on it is the rest of a body that nobody reads. */
  #isLast = false;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.response = response;
    this.method = request.method ?? 'GET';
    // A target that is no URL ("//") names nothing, which is a 404 like any other.
    this.url = URL.parse(request.url ?? '/', 'http://localhost') ?? new URL('http://localhost/');
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return Array.isArray(value) ? value.join(',') : value;
  }

  query(name: string): string | undefined {
    return this.url.searchParams.get(name) ?? undefined;
  }

  /** `true` and `1` are true, as for Go's strconv. */
  flag(name: string): boolean {
    const value = this.query(name);
    return value === 'true' || value === '1';
  }

  /** A parameter that is a whole number. Throws 400. */
  number(name: string): number | undefined {
    const text = this.query(name);
    if (text === undefined || text === '') return undefined;
    if (!/^\d{1,15}$/.test(text))
      throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    return Number(text);
  }

  /** The whole body. Throws 413 above 3 MiB. */
  async body(): Promise<Buffer> {
    const parts: Buffer[] = [];
    let length = 0;
    // Drained, not destroyed, when it is too long: the refusal goes over the same connection.
    for await (const part of this.#request.iterator({ destroyOnReturn: false })) {
      length += part.length;
      if (length > MOST_BODY_BYTES) {
        this.#request.resume();
        this.#isLast = this.#request.httpVersionMajor === 1;
        throw tooLarge();
      }
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  /** Sends a whole answer, compressed if it is large and the client can read that. */
  async send({ status, mediaType, body, headers }: Answer): Promise<void> {
    const isCompressed =
      body.length > GZIP_FROM_BYTES && (this.header('accept-encoding') ?? '').includes('gzip');
    const bytes = isCompressed ? await promisify(gzip)(body, { level: 1 }) : body;
    this.response.writeHead(status, {
      ...commonHeaders(mediaType),
      ...(isCompressed ? { 'content-encoding': 'gzip', vary: 'Accept-Encoding' } : {}),
      ...headers,
      ...(this.#isLast ? { connection: 'close' } : {}),
      'content-length': bytes.length,
    });
    this.response.end(bytes);
  }

  /** Starts an answer that has no end yet. */
  stream(mediaType: string): void {
    this.response.writeHead(200, commonHeaders(mediaType));
    this.response.flushHeaders();
  }
}

function commonHeaders(mediaType: string): Record<string, string> {
  return { 'audit-id': randomUUID(), 'cache-control': 'no-cache, private', 'content-type': mediaType };
}

/** A JSON answer. */
export function jsonAnswer(value: unknown, status = 200): Answer {
  return { status, mediaType: 'application/json', body: Buffer.from(`${JSON.stringify(value)}\n`) };
}

export function textAnswer(text: string): Answer {
  return { status: 200, mediaType: 'text/plain; charset=utf-8', body: Buffer.from(text) };
}
