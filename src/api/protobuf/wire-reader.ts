/**
 * A reader of protobuf messages field by field, over the one of protobufjs.
 *
 * In: any bytes. Out: the values, or a {@link WireError} that names the field. What it adds to protobufjs: a field has
 * the wire type that it must have, a message ends where its length says, text is UTF-8, groups (which Kubernetes never
 * sends) are refused. Nothing is copied and nothing allocated but the values, whatever lengths the bytes claim.
 */
import protobuf from 'protobufjs/minimal.js';
import { FieldErrors, type FieldPath } from '../field-errors.ts';
import { readSharedText, readText } from './text.ts';
import { WireError, wireError } from './wire-error.ts';

const VARINT = 0;
const BITS_64 = 1;
const BYTES = 2;
const BITS_32 = 5;

const WIRE_TYPES = [
  'a number',
  '64 bits',
  'bytes',
  'a group',
  'the end of a group',
  '32 bits',
  'type 6',
  'type 7',
];

/** Reads the fields of one message: it returns when {@link WireReader.next} does with 0. */
export type ReadMessage<Message> = (wire: WireReader) => Message;

export class WireReader {
  /** What is wrong with values that could be read. Paths are those from the message that the bytes as a whole are. */
  readonly errors = new FieldErrors();
  readonly #reader: protobuf.Reader;
  readonly #bytes: Buffer;
  #field = 0;
  #wireType = 0;
  /** The name of the field being read, for errors. */
  #key: string | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bufferOf(bytes);
    this.#reader = new protobuf.Reader(bytes);
  }

  /** Goes to the next field of the message: its number, or 0 at the end of the message. */
  next(): number {
    const reader = this.#reader;
    if (reader.pos >= reader.len) return 0;
    this.#key = undefined;
    const tag = reader.tag();
    this.#field = tag >>> 3;
    this.#wireType = tag & 7;
    if (this.#field === 0) throw new WireError('field number 0 does not exist');
    return this.#field;
  }

  /** Passes over the field unread. Groups, which could be nested without end, are refused. */
  skip(): void {
    const reader = this.#reader;
    if (this.#wireType === BYTES) reader.skip(reader.size());
    else if (this.#wireType === VARINT) reader.skip();
    else if (this.#wireType === BITS_64) reader.skip(8);
    else if (this.#wireType === BITS_32) reader.skip(4);
    else throw new WireError(`field ${this.#field} is ${WIRE_TYPES[this.#wireType]}`);
  }

  string(key: string): string {
    const end = this.#end(key);
    const start = this.#reader.pos;
    this.#reader.pos = end;
    return readText(this.#bytes, start, end);
  }

  /** As {@link string}, for what many objects have in common. */
  sharedString(key: string): string {
    const end = this.#end(key);
    const start = this.#reader.pos;
    this.#reader.pos = end;
    return readSharedText(this.#bytes, start, end);
  }

  /**
   * A string that is plain in Go: "" stands for absent (wire.md 3), and JSON leaves it out.
   */
  optionalString(key: string): string | undefined {
    return this.sharedString(key) || undefined;
  }

  /** A part of the bytes, not a copy. */
  bytes(key: string): Uint8Array {
    const end = this.#end(key);
    const start = this.#reader.pos;
    this.#reader.pos = end;
    return this.#bytes.subarray(start, end);
  }

  int32(key: string): number {
    this.#expect(VARINT, key);
    return this.#reader.int32();
  }

  bool(key: string): boolean {
    this.#expect(VARINT, key);
    return this.#reader.bool();
  }

  /** A nested message, the `index`th of a repeated one. */
  message<Message>(key: string, read: ReadMessage<Message>, index?: number): Message {
    const reader = this.#reader;
    const end = this.#end(key);
    const outerEnd = reader.len;
    const before = this.errors.count;
    reader.len = end;
    try {
      const message = read(this);
      reader.len = outerEnd;
      if (this.errors.count > before) this.errors.nest(before, ...pathOf(key, index));
      return message;
    } catch (error) {
      throw this.#named(error).nest(...pathOf(key, index));
    }
  }

  /** The message that the bytes as a whole are. */
  whole<Message>(read: ReadMessage<Message>): Message {
    try {
      return read(this);
    } catch (error) {
      throw this.#named(error);
    }
  }

  #named(error: unknown): WireError {
    const key = this.#key;
    this.#key = undefined;
    if (error instanceof WireError) return error;
    return wireError(error, key === undefined ? [] : [key]);
  }

  #expect(wireType: number, key: string): void {
    this.#key = key;
    if (this.#wireType === wireType) return;
    throw new WireError(`is ${WIRE_TYPES[this.#wireType]} instead of ${WIRE_TYPES[wireType]}`, [key]);
  }

  /** Reads the length of the field's bytes; where they end. */
  #end(key: string): number {
    this.#expect(BYTES, key);
    const reader = this.#reader;
    const end = reader.size() + reader.pos;
    if (end > reader.len) throw new WireError(`ends ${end - reader.len} bytes beyond its message`, [key]);
    return end;
  }
}

function pathOf(key: string, index: number | undefined): FieldPath {
  return index === undefined ? [key] : [key, index];
}

/** The same bytes, not a copy. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads bytes that are one message. Throws a {@link WireError}. */
export function readMessage<Message>(bytes: Uint8Array, read: ReadMessage<Message>): Message {
  return new WireReader(bytes).whole(read);
}
