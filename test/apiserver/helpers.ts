import type { ExecutionContext } from 'ava';
import { isObject, type JsonObject, valueAt } from '../../src/apiserver/objects.ts';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../src/apiserver/server.ts';

/** A server of this test alone, closed when the test ends. */
export async function startServer(t: ExecutionContext, options: ApiServerOptions = {}): Promise<ApiServer> {
  const server = await startApiServer(options);
  t.teardown(() => server.close());
  return server;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
}

export const SERVICES = '/api/v1/namespaces/default/services';
export const SLICES = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';

/** A request with a JSON answer. */
export async function call(server: ApiServer, path: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(server.url + path, init);
  const body: unknown = await response.json();
  if (!isObject(body)) throw new Error(`${path} answered no object`);
  return { status: response.status, headers: response.headers, body };
}

export function post(
  server: ApiServer,
  path: string,
  body: unknown,
  method = 'POST',
  type = 'application/json',
): Promise<Reply> {
  return call(server, path, { method, body: JSON.stringify(body), headers: { 'content-type': type } });
}

/** A Service with one port, as a client would write it. */
export function service(name: string, spec: JsonObject = {}): JsonObject {
  return { metadata: { name, namespace: 'default' }, spec: { ports: [{ name: 'http', port: 80 }], ...spec } };
}

/** A watch whose events are read one by one. */
export interface Watch {
  next(): Promise<JsonObject>;
  /** Resolves when the server ends the stream; rejects when the connection breaks. */
  end(): Promise<void>;
  close(): void;
}

export async function watch(server: ApiServer, path: string, query: string): Promise<Watch> {
  const abort = new AbortController();
  const response = await fetch(`${server.url}${path}?watch=true&${query}`, { signal: abort.signal });
  if (response.body === null || response.status !== 200)
    throw new Error(`watch: ${response.status} ${await response.text()}`);
  const lines = linesOf(response.body);
  const next = async (): Promise<JsonObject> => {
    const { value } = await lines.next();
    if (value === undefined) throw new Error('the watch has ended');
    return JSON.parse(value);
  };
  const end = async (): Promise<void> => {
    while (!(await lines.next()).done);
  };
  return { next, end, close: () => abort.abort() };
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true });
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n')) {
      yield text.slice(0, at);
      text = text.slice(at + 1);
    }
  }
}

/** `ADDED web` */
export function summary(event: JsonObject): string {
  return `${String(event['type'])} ${String(valueAt(event, 'object', 'metadata', 'name') ?? valueAt(event, 'object', 'code') ?? '')}`.trim();
}

/** Waits until a condition holds; fails the test after five seconds. */
export async function eventually(t: ExecutionContext, holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    if (holds()) {
      t.pass();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  t.fail('it did not come to hold within five seconds');
}
