import { MessageError } from './message-error.ts';
import { LONGEST_MESSAGE, type Splitter } from './splitter.ts';

const LINE_FEED = 10;
const NO_BYTES = Buffer.alloc(0);

/** Lines: watch streams in JSON. Cut as bytes, so that no character is ever torn; empty lines are left out. */
export class LineSplitter implements Splitter {
  /** A line that began in an earlier chunk; only the first `#length` bytes count. */
  #line = NO_BYTES;
  #length = 0;

  *push(chunk: Buffer): Generator<Buffer, void> {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const line = this.#complete(chunk.subarray(start, end));
      start = end + 1;
      if (line.length > 0) yield line;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  end(): void {
    if (this.#length > 0) throw new MessageError('the stream ends inside of a line');
  }

  #complete(end: Buffer): Buffer {
    if (this.#length === 0) return end;
    this.#keep(end);
    const line = this.#line.subarray(0, this.#length);
    this.#line = NO_BYTES;
    this.#length = 0;
    return line;
  }

  /** Grows by doubling: a long line in tiny chunks is not copied over and over. */
  #keep(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (length > LONGEST_MESSAGE) {
      throw new MessageError(`a line is longer than the limit of ${LONGEST_MESSAGE} bytes`);
    }
    if (length > this.#line.length) {
      const longer = Buffer.allocUnsafe(Math.max(length, 2 * this.#line.length));
      this.#line.copy(longer, 0, 0, this.#length);
      this.#line = longer;
    }
    bytes.copy(this.#line, this.#length);
    this.#length = length;
  }
}
