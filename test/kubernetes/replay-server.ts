/**
 * A tiny HTTP server that says what a real API server was recorded to say (shared/data/README.md).
 *
 * Lists and watches of services and slices are the recorded ones; where no stream was recorded, it stays silent. Streaming
 * lists that were not recorded are refused, as by servers that have none.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { recordedBytes } from '../api/protobuf/recorded.ts';

export interface ReplayServer {
  readonly url: string;
  /** Paths with queries, in the order of arrival. */
  readonly requests: readonly string[];
  close(): void;
}

export interface ReplayOptions {
  readonly encoding: 'protobuf' | 'json';
  /** Whether `sendInitialEvents` is understood; otherwise 422 as by servers without it. */
  readonly hasStreamingLists: boolean;
  /** Bytes of a chunk of a stream. */
  readonly chunkSize: number;
}

const NAMES = ['services', 'endpointslices', 'nodes', 'servicecidrs'];
const HAS_WATCH = ['services', 'endpointslices'];
const HAS_STREAMING_LIST = ['services', 'endpointslices', 'nodes'];

export async function startReplayServer(options: ReplayOptions): Promise<ReplayServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    void answer(request, response, options);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ReplayOptions,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://replay');
  const name = pathname.split('/').at(-1) ?? '';
  const isWatch = searchParams.has('watch');
  const isProtobuf = options.encoding === 'protobuf';
  const type = isProtobuf ? 'application/vnd.kubernetes.protobuf' : 'application/json';
  if (!NAMES.includes(name)) return send(response, 404, 'application/json', 'error-404.json');
  const hasStreamingList = options.hasStreamingLists && HAS_STREAMING_LIST.includes(name);
  if (searchParams.has('sendInitialEvents') && !hasStreamingList) {
    return send(response, 422, 'application/json', 'error-400.json');
  }
  if (!isWatch) return send(response, 200, type, `${name}.list.${isProtobuf ? 'pb' : 'json'}`);
  response.writeHead(200, { 'content-type': `${type};stream=watch` });
  response.flushHeaders();
  const stream = streamOf(name, searchParams.has('sendInitialEvents'), isProtobuf);
  for (let start = 0; start < stream.length; start += options.chunkSize) {
    response.write(stream.subarray(start, start + options.chunkSize));
    await new Promise(setImmediate);
  }
}

/** Nothing was recorded of nodes after their list. */
function streamOf(name: string, isList: boolean, isProtobuf: boolean): Buffer {
  if (!isList && !HAS_WATCH.includes(name)) return Buffer.alloc(0);
  return recordedBytes(`${name}.watch${isList ? 'list' : ''}.${isProtobuf ? 'pb' : 'js'}`);
}

function send(response: ServerResponse, status: number, type: string, file: string): void {
  response.writeHead(status, { 'content-type': type });
  response.end(recordedBytes(file));
}
