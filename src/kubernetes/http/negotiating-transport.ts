import { once } from 'node:events';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { Http1Transport } from './http1-transport.ts';
import { Http2Transport } from './http2-transport.ts';
import type { TlsOptions } from './tls-options.ts';
import type { HttpRequest, HttpResponse, Transport, TransportTimings } from './transport.ts';

/** The server speaks no HTTP/2. */
class NoHttp2Error extends Error {}

export interface NegotiatingOptions {
  readonly server: URL;
  readonly tls: () => Promise<TlsOptions>;
  readonly timings: TransportTimings;
}

/** TLS: HTTP/2 where the server has it, HTTP/1.1 otherwise. Which one it is, the first connection tells. */
export class NegotiatingTransport implements Transport {
  readonly #options: NegotiatingOptions;
  readonly #closed = new AbortController();
  #transport: Transport;

  constructor(options: NegotiatingOptions) {
    this.#options = options;
    this.#transport = new Http2Transport(options.server, () => this.#connect(), options.timings);
  }

  async get(request: HttpRequest): Promise<HttpResponse> {
    try {
      return await this.#transport.get(request);
    } catch (error) {
      if (!(error instanceof NoHttp2Error)) throw error;
      if (this.#transport instanceof Http2Transport) {
        this.#transport = new Http1Transport({ ...this.#options, proxy: undefined });
      }
      return this.#transport.get(request);
    }
  }

  close(): void {
    this.#closed.abort();
    this.#transport.close();
  }

  async #connect(): Promise<Socket> {
    const { server, timings } = this.#options;
    const host = server.hostname.replace(/^\[|\]$/g, '');
    const options = { ...(await this.#options.tls()), ALPNProtocols: ['h2', 'http/1.1'] };
    const socket = tls.connect({ host, port: Number(server.port || 443), ...options });
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(timings.answer)]);
    try {
      await once(socket, 'secureConnect', { signal });
      if (socket.alpnProtocol !== 'h2') throw new NoHttp2Error();
      return socket.setNoDelay(true);
    } catch (error) {
      socket.on('error', () => {}).destroy();
      throw error;
    }
  }
}
