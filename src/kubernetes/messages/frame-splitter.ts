import { MessageError } from './message-error.ts';
import { LONGEST_MESSAGE, type Splitter } from './splitter.ts';

const HEADER_LENGTH = 4;

/** Frames of a 4-byte big-endian length and a body: watch streams in protobuf (wire.md 2). */
export class FrameSplitter implements Splitter {
  readonly #header = Buffer.alloc(HEADER_LENGTH);
  #headerFilled = 0;
  /** The body of a frame that began in an earlier chunk, as far as it has come. */
  #body: Buffer | undefined;
  #bodyFilled = 0;

  *push(chunk: Buffer): Generator<Buffer, void> {
    let start = 0;
    while (start < chunk.length) {
      const bodyStart = start + HEADER_LENGTH;
      const isFresh = this.#body === undefined && this.#headerFilled === 0;
      const bodyEnd = isFresh && bodyStart <= chunk.length ? bodyStart + lengthAt(chunk, start) : Infinity;
      if (bodyEnd <= chunk.length) {
        yield chunk.subarray(bodyStart, bodyEnd);
        start = bodyEnd;
        continue;
      }
      start += this.#keep(chunk, start);
      const body = this.#completed();
      if (body !== undefined) yield body;
    }
  }

  end(): void {
    if (this.#headerFilled > 0) throw new MessageError('the stream ends inside of a frame');
  }

  /** Copies a part of an incomplete frame: of its header, or of its body. How many bytes that took. */
  #keep(chunk: Buffer, start: number): number {
    if (this.#body !== undefined) {
      const taken = chunk.copy(this.#body, this.#bodyFilled, start);
      this.#bodyFilled += taken;
      return taken;
    }
    const taken = chunk.copy(this.#header, this.#headerFilled, start);
    this.#headerFilled += taken;
    if (this.#headerFilled === HEADER_LENGTH) this.#body = Buffer.allocUnsafe(lengthAt(this.#header, 0));
    return taken;
  }

  #completed(): Buffer | undefined {
    const body = this.#body;
    if (body === undefined || this.#bodyFilled < body.length) return undefined;
    this.#body = undefined;
    this.#bodyFilled = 0;
    this.#headerFilled = 0;
    return body;
  }
}

function lengthAt(bytes: Buffer, offset: number): number {
  const length = bytes.readUInt32BE(offset);
  if (length <= LONGEST_MESSAGE) return length;
  throw new MessageError(`a frame claims ${length} bytes, more than the limit of ${LONGEST_MESSAGE}`);
}
