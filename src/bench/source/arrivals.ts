import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { monotonic } from './clock.ts';

/** When bytes came in on any connection that this process makes, without a change to the code that makes them. */
export class Arrivals {
  /** Of the first bytes since the last `take`. */
  #firstAt: number | undefined;

  constructor() {
    subscribe('net.client.socket', (message) => {
      if (!isSocketMessage(message)) return;
      // The first listener of all: nobody has looked at the chunk before.
      message.socket.on('data', () => {
        this.#firstAt ??= monotonic();
      });
    });
  }

  /** When the first bytes since the last call were read. */
  take(): number {
    const at = this.#firstAt;
    this.#firstAt = undefined;
    if (at === undefined) throw new Error('events came without any bytes');
    return at;
  }

  /** Forgets bytes that are not of a change. */
  clear(): void {
    this.#firstAt = undefined;
  }
}

function isSocketMessage(message: unknown): message is { socket: Socket } {
  return (
    typeof message === 'object' && message !== null && 'socket' in message && message.socket instanceof Socket
  );
}
