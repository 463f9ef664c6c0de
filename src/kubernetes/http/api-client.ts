/**
 * Requests to the API server: with credentials, and its refusals as errors.
 *
 * In: paths. Out: answers with status 200, or an {@link ApiError}, or the error of a connection.
 */
import type { Credentials } from '../config/credentials.ts';
import { type ApiStatus, statusOfBody } from '../messages/api-status.ts';
import { encodingOf } from '../messages/encoding.ts';
import { ApiError } from './api-error.ts';
import { plainBody, readBody } from './read-body.ts';
import { retryAfterOf } from './retry-after.ts';
import { type HttpRequest, type HttpResponse, headerOf, type Transport } from './transport.ts';

export interface ApiClientOptions {
  /** URL of the server; its path is put in front of those of requests. */
  readonly server: URL;
  readonly transport: Transport;
  readonly credentials: Credentials;
  readonly userAgent: string;
}

const UNAUTHORIZED = 401;
const LONGEST_ERROR = 64 * 1024;

export class ApiClient {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  /** Sends a GET; the body comes back decompressed. Credentials that are not accepted are renewed, once. */
  async get(request: HttpRequest): Promise<HttpResponse> {
    const first = await this.#send(request);
    if (first.status !== UNAUTHORIZED) return accepted(first);
    first.body.on('error', () => {}).destroy();
    this.#options.credentials.forget();
    return accepted(await this.#send(request));
  }

  close(): void {
    this.#options.transport.close();
  }

  async #send({ path, headers, signal }: HttpRequest): Promise<HttpResponse> {
    const { server, transport, credentials, userAgent } = this.#options;
    signal.throwIfAborted();
    const proof = await credentials.headers();
    const response = await transport
      .get({
        path: `${server.pathname.replace(/\/$/, '')}${path}`,
        headers: { ...headers, ...proof, 'user-agent': userAgent },
        signal,
      })
      .catch((cause: Error) => {
        throw new Error(`Cannot reach ${server.origin}: ${reasonOf(cause)}`, { cause });
      });
    return { ...response, body: plainBody(response) };
  }
}

/** An error of several connection attempts (IPv4 and IPv6) has no message of its own. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((it: Error) => it.message).join(', ');
  return error.message;
}

async function accepted(response: HttpResponse): Promise<HttpResponse> {
  if (response.status === 200) return response;
  throw new ApiError(await statusOfResponse(response), retryAfterOf(headerOf(response, 'retry-after')));
}

async function statusOfResponse(response: HttpResponse): Promise<ApiStatus> {
  const encoding = encodingOf(headerOf(response, 'content-type'));
  const body = await readBody(response.body, LONGEST_ERROR).catch(() => Buffer.alloc(0));
  return statusOfBody(response.status, encoding, body);
}
