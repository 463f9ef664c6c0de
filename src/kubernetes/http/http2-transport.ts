import { once } from 'node:events';
import http2 from 'node:http2';
import type { Socket } from 'node:net';
import type { HttpRequest, HttpResponse, Transport, TransportTimings } from './transport.ts';
import { watchConnection } from './watch-connection.ts';

/** What may be under way unread. The defaults of 64 KiB make a list of many megabytes wait for each round trip. */
const STREAM_WINDOW = 4 * 1024 * 1024;
const CONNECTION_WINDOW = 16 * 1024 * 1024;

/** HTTP/2: all watches share one connection, which pings keep an eye on. */
export class Http2Transport implements Transport {
  readonly #server: URL;
  readonly #connect: () => Promise<Socket>;
  readonly #timings: TransportTimings;
  #session: Promise<http2.ClientHttp2Session> | undefined;
  #isClosed = false;

  /** `connect` gives a connection on which the server has agreed to speak HTTP/2. */
  constructor(server: URL, connect: () => Promise<Socket>, timings: TransportTimings) {
    this.#server = server;
    this.#connect = connect;
    this.#timings = timings;
  }

  async get({ path, headers, signal }: HttpRequest): Promise<HttpResponse> {
    const session = await this.#current();
    signal.throwIfAborted();
    const stream = session.request(
      { ':method': 'GET', ':path': path, ...headers },
      { signal, endStream: true },
    );
    limitSilence(stream, this.#timings);
    const { ':status': status = 0, ...rest } = await answerOf(stream);
    return { status, headers: rest, body: stream };
  }

  close(): void {
    this.#isClosed = true;
    this.#session?.then(
      (session) => session.destroy(),
      () => {},
    );
  }

  /** Requests that come while a connection is made share it. One that is about to end gets no new ones. */
  async #current(): Promise<http2.ClientHttp2Session> {
    const shared = this.#session;
    const session = await shared;
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    if (this.#session === shared) this.#session = undefined;
    this.#session ??= this.#open();
    return this.#session;
  }

  async #open(): Promise<http2.ClientHttp2Session> {
    try {
      return await this.#start(await this.#connect());
    } catch (error) {
      this.#session = undefined;
      throw error;
    }
  }

  async #start(socket: Socket): Promise<http2.ClientHttp2Session> {
    const session = http2.connect(this.#server, {
      createConnection: () => socket,
      settings: { initialWindowSize: STREAM_WINDOW, enablePush: false },
    });
    session.on('error', () => {}); // Each stream reports it.
    await once(session, 'connect');
    session.setLocalWindowSize(CONNECTION_WINDOW);
    watchConnection(session, socket, this.#timings);
    if (this.#isClosed) session.destroy();
    return session;
  }
}

type Answer = http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader;

function answerOf(stream: http2.ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve, reject) => {
    stream.once('response', resolve);
    stream.on('error', reject); // Later ones go to whoever reads the body.
    stream.once('close', () => reject(new Error('the connection ended before the answer')));
  });
}

function limitSilence(stream: http2.ClientHttp2Stream, { answer, silence }: TransportTimings): void {
  let complaint = `no answer within ${answer / 1000} s`;
  stream.setTimeout(answer, () => stream.destroy(new Error(complaint)));
  stream.once('response', () => {
    complaint = `nothing was read for ${silence / 1000} s`;
    stream.setTimeout(silence);
  });
}
