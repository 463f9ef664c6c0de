import { createServer, type Server, type Socket } from 'node:net';
import { loadAddon } from '../../native/addon.ts';
import type { NodePlace } from './messages.ts';

/** Where a node finds the API server: in its own namespace, where the port is free. */
export const DOOR_ADDRESS = '127.0.0.1';
export const DOOR_PORT = 6443;

/**
 * A port inside a node's network namespace that is served from outside it: the node needs no network of its own, and nothing of it
 * shows outside.
 */
export class Door {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor({ namespace }: NodePlace, serve: (socket: Socket) => void) {
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      serve(socket);
    });
    this.#server.listen({ fd: loadAddon().listenIn(namespace, DOOR_ADDRESS, DOOR_PORT) });
  }

  /** Ends all connections; those on the other side are gone, or have no business here any more. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
