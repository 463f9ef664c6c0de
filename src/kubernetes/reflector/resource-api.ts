/**
 * Lists and watches of one resource over HTTP.
 *
 * In: queries. Out: decoded pages and events, in whichever encoding the server has.
 */
import type { ApiClient } from '../http/api-client.ts';
import { ApiError } from '../http/api-error.ts';
import { readBody } from '../http/read-body.ts';
import { type HttpResponse, headerOf } from '../http/transport.ts';
import { acceptHeader, type Encoding, encodingOf } from '../messages/encoding.ts';
import { FrameSplitter } from '../messages/frame-splitter.ts';
import { LineSplitter } from '../messages/line-splitter.ts';
import { decodeListPage, type ListPage } from '../messages/list-page.ts';
import { MessageError } from '../messages/message-error.ts';
import { readStream } from '../messages/read-stream.ts';
import { jsonWatchEvent, protobufWatchEvent } from '../messages/watch-event.ts';
import type { EventStream, ListWatch } from './list-watch.ts';
import type { Query } from './queries.ts';
import type { Resource } from './resource.ts';

/** Far beyond any cluster; a bound for what a broken server can make us keep. */
const LONGEST_LIST = 1024 * 1024 * 1024;

const NOT_ACCEPTABLE = [406, 415];

export class ResourceApi implements ListWatch {
  readonly #client: ApiClient;
  readonly #resource: Resource;
  #preferred: Encoding = 'protobuf';

  constructor(client: ApiClient, resource: Resource) {
    this.#client = client;
    this.#resource = resource;
  }

  async list(query: Query, signal: AbortSignal): Promise<ListPage> {
    const response = await this.#get(query, { 'accept-encoding': 'gzip' }, signal);
    return decodeListPage(
      this.#resource,
      encodingOfAnswer(response),
      await readBody(response.body, LONGEST_LIST),
    );
  }

  async watch(query: Query, signal: AbortSignal): Promise<EventStream> {
    const response = await this.#get(query, {}, signal);
    return eventsOf(response, encodingOfAnswer(response));
  }

  async #get(
    query: Query,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const { path, labelSelector, fieldSelector } = this.#resource;
    const parameters = new URLSearchParams({
      ...(labelSelector !== undefined && { labelSelector }),
      ...(fieldSelector !== undefined && { fieldSelector }),
      ...query,
    });
    const request = () => ({
      path: `${path}?${parameters}`,
      headers: { ...headers, accept: acceptHeader(this.#preferred) },
      signal,
    });
    try {
      return await this.#client.get(request());
    } catch (error) {
      if (this.#preferred === 'json' || !isNotAcceptable(error)) throw error;
      this.#preferred = 'json';
      return this.#client.get(request());
    }
  }
}

function isNotAcceptable(error: unknown): boolean {
  return error instanceof ApiError && NOT_ACCEPTABLE.includes(error.status.code);
}

function encodingOfAnswer(response: HttpResponse): Encoding {
  const contentType = headerOf(response, 'content-type');
  const encoding = encodingOf(contentType);
  if (encoding !== undefined) return encoding;
  response.body.on('error', () => {}).destroy();
  throw new MessageError(`the answer is ${contentType ?? 'of no type'}, not from an API server`);
}

function eventsOf({ body }: HttpResponse, encoding: Encoding): EventStream {
  const splitter = encoding === 'protobuf' ? new FrameSplitter() : new LineSplitter();
  const decode = encoding === 'protobuf' ? protobufWatchEvent : jsonWatchEvent;
  return {
    follow: async (take) => {
      await readStream(body, (chunk) => take(splitter.push(chunk).map(decode)));
      splitter.end();
    },
  };
}
