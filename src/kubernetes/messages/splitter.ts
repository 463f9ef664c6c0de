import type { MessageError } from './message-error.ts';

/** Cuts a stream of bytes into messages. One that lies in one chunk is a part of that chunk, not a copy. */
export interface Splitter {
  /** The messages that a chunk completes. Throws a {@link MessageError} at one that is too long. */
  push(chunk: Buffer): Generator<Buffer, void>;
  /** To be called at the end of the stream: throws a {@link MessageError} if that is inside of a message. */
  end(): void;
}

/** Objects are below 3 MiB, so this is generous; it bounds what a broken stream can make us keep. */
export const LONGEST_MESSAGE = 16 * 1024 * 1024;
