import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type HttpResponse, headerOf } from './transport.ts';

/** The body as it was before it was compressed. */
export function plainBody(response: HttpResponse): Readable {
  if (headerOf(response, 'content-encoding') !== 'gzip') return response.body;
  // An error of either end destroys the other; the reader of the result hears of it.
  return pipeline(response.body, createGunzip(), () => {});
}

/** Reads a body to its end. Rejects, and reads no further, if it is longer than the limit. */
export async function readBody(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw new Error(`the answer is longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
