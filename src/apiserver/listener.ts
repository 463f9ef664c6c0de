/**
 * The port and its connections. The HTTP server gets connections from here instead of listening itself, so that faults can
 * close and open the port, cut connections, and stall them.
 */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export interface ListenAddress {
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
}

export class Listener {
  readonly #serve: (socket: Socket) => void;
  readonly #sockets = new Set<Socket>();
  #wanted: ListenAddress;
  #server: Server | undefined;

  constructor(wanted: ListenAddress, serve: (socket: Socket) => void) {
    this.#wanted = wanted;
    this.#serve = serve;
  }

  /** Opens the port, the same one as before if it was open. Throws when it is taken. */
  async accept(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.take(socket));
    const { address: host, port } = this.#wanted;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, resolve);
    });
    this.#wanted = { address: host, port: (server.address() as AddressInfo).port };
    this.#server = server;
  }

  /** Closes the port and all connections. */
  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.drop();
    await closed;
  }

  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Corked, a socket keeps what is written; paused, it reads nothing. The kernels on both sides see a healthy connection. */
  stall(): void {
    for (const socket of this.#sockets) {
      socket.cork();
      socket.pause();
      // Whatever else goes on with the connection, it must not come back to life.
      socket.resume = () => socket;
      socket.uncork = () => {};
    }
  }

  get port(): number {
    return this.#wanted.port;
  }

  /** Takes a connection for its own. */
  take(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    this.#serve(socket);
  }
}
