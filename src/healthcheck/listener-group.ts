import { createServer, type RequestListener, type Server } from 'node:http';
import type { Listen } from './listen.ts';

/** Where a group listens. */
export interface Target {
  readonly port: number;
  readonly addresses: readonly string[];
}

export interface ListenerGroupOptions {
  readonly answer: RequestListener;
  readonly listen: Listen;
  /** Told why an address cannot be listened on; none of the group is then (HC-06). */
  readonly onFailure: (target: Target, address: string, error: Error) => void;
}

/**
 * HTTP servers on one port of several addresses: all of them or none.
 *
 * What is not wanted any more is closed at once, so that its port is free for others; the rest is opened a moment
 * later. Another target may be set at any time.
 */
export class ListenerGroup {
  readonly #options: ListenerGroupOptions;
  readonly #servers = new Map<string, Server>();
  #target: Target | undefined;
  /** The port of the servers. */
  #port = 0;
  #isOpening = false;
  #opened = Promise.resolve();
  #isComplete = true;

  constructor(options: ListenerGroupOptions) {
    this.#options = options;
  }

  /** Whether nothing is left to do for the target that was set last. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Sets where to listen from now on, undefined being nowhere; setting the same again tries again what failed. */
  set(target: Target | undefined): void {
    this.#target = target;
    this.#isComplete = false;
    if (this.#isOpening) return; // it goes on with this one
    this.#isOpening = true;
    this.#closeUnwanted();
    this.#opened = this.#open();
  }

  /** Resolves when no listener is being opened. */
  settled(): Promise<void> {
    return this.#opened;
  }

  async #open(): Promise<void> {
    await undefined; // first let other groups close, in case that one of them has the port
    for (;;) {
      const target = this.#target;
      await this.#openMissing(target);
      if (this.#target === target) break;
      this.#closeUnwanted();
    }
    this.#isOpening = false; // with no pause since the target was looked at, or one could be forgotten
  }

  async #openMissing(target: Target | undefined): Promise<void> {
    const missing = target?.addresses.filter((address) => !this.#servers.has(address)) ?? [];
    // Opened one by one, so that the first failure is the last: there is no sense in the others then.
    for (const address of missing) {
      if (target === undefined || this.#target !== target) return;
      if (!(await this.#openOne(target, address))) {
        this.#closeAll();
        return;
      }
    }
    this.#isComplete = this.#target === target;
  }

  async #openOne(target: Target, address: string): Promise<boolean> {
    const server = createServer(this.#options.answer);
    try {
      await this.#options.listen(server, address, target.port);
    } catch (error) {
      this.#options.onFailure(target, address, error instanceof Error ? error : new Error(String(error)));
      return false;
    }
    server.on('error', (error) => this.#options.onFailure(target, address, error));
    this.#port = target.port;
    this.#servers.set(address, server);
    return true;
  }

  #closeUnwanted(): void {
    if (this.#port !== this.#target?.port) this.#closeAll();
    const wanted = new Set(this.#target?.addresses);
    for (const address of this.#servers.keys()) if (!wanted.has(address)) this.#close(address);
  }

  #closeAll(): void {
    for (const address of this.#servers.keys()) this.#close(address);
  }

  /** A connection that is open may be about to ask: better no answer than that of a Service that is gone (HC-09). */
  #close(address: string): void {
    const server = this.#servers.get(address);
    this.#servers.delete(address);
    server?.close();
    server?.closeAllConnections();
  }
}
