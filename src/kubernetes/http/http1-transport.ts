import http from 'node:http';
import https from 'node:https';
import type { TlsOptions } from './tls-options.ts';
import type { HttpRequest, HttpResponse, Transport, TransportTimings } from './transport.ts';

export interface Http1Options {
  readonly server: URL;
  readonly proxy: string | undefined;
  readonly tls: () => Promise<TlsOptions>;
  readonly timings: TransportTimings;
}

/** HTTP/1.1: servers without TLS, servers without HTTP/2, and all behind a proxy. Each watch has its own connection. */
export class Http1Transport implements Transport {
  readonly #options: Http1Options;
  #agent: http.Agent | undefined;
  #agentTls = '';

  constructor(options: Http1Options) {
    this.#options = options;
  }

  async get(request: HttpRequest): Promise<HttpResponse> {
    const agent = await this.#currentAgent();
    return this.#send(request, agent);
  }

  close(): void {
    this.#agent?.destroy();
  }

  /** A new one when certificates have changed: connections of the old one end with what runs on them. */
  async #currentAgent(): Promise<http.Agent> {
    const { server, proxy, tls } = this.#options;
    const isTls = server.protocol === 'https:';
    const options = isTls ? await tls() : {};
    const fingerprint = JSON.stringify(options);
    if (this.#agent !== undefined && fingerprint === this.#agentTls) return this.#agent;
    const proxyEnv = proxy === undefined ? {} : { HTTPS_PROXY: proxy, HTTP_PROXY: proxy };
    const agentOptions = { ...options, keepAlive: true, proxyEnv };
    this.#agentTls = fingerprint;
    this.#agent = isTls ? new https.Agent(agentOptions) : new http.Agent(agentOptions);
    return this.#agent;
  }

  #send({ path, headers, signal }: HttpRequest, agent: http.Agent): Promise<HttpResponse> {
    const { server, timings } = this.#options;
    const { request } = server.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, server), { agent, headers, signal });
      limitSilence(outgoing, timings);
      outgoing.on('error', reject);
      outgoing.once('response', (response) => {
        response.on('error', () => {}); // Whoever reads it is told, but may not do so yet.
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response });
      });
      outgoing.end();
    });
  }
}

/** A half-open connection shows itself by silence only: HTTP/1.1 has no ping, but a watch has bookmarks. */
function limitSilence(outgoing: http.ClientRequest, { answer, silence }: TransportTimings): void {
  let silent = (): unknown => outgoing.destroy(new Error(`no answer within ${answer / 1000} s`));
  outgoing.setTimeout(answer);
  outgoing.on('timeout', () => silent());
  outgoing.once('response', (response) => {
    silent = () => response.destroy(new Error(`nothing was read for ${silence / 1000} s`));
    outgoing.setTimeout(silence);
  });
}
