import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/**
 * Hands over each chunk of a body in the turn of the event loop that it was read in; an async iterator would put a dozen
 * promises in between, on the way of every change to the kernel. Resolves at the end of the body. If the body fails, or
 * `take` throws, the body is destroyed and the promise rejects.
 */
export async function readStream(body: Readable, take: (chunk: Buffer) => void): Promise<void> {
  const ended = finished(body, { writable: false });
  const refused = new Promise<never>((_, reject) => {
    body.on('data', (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        reject(error);
        body.removeAllListeners('data').destroy();
      }
    });
  });
  // A body that is destroyed at its very end is not told apart from one that ends, hence a promise of its own.
  ended.catch(() => {});
  await Promise.race([refused, ended]);
}
