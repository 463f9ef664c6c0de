/** Protobuf bytes to the JSON values that they stand for: request bodies, and a second pair of eyes for tests. */
import protobuf from 'protobufjs/minimal.js';
import type { JsonObject } from '../objects.ts';
import type { Field, Message, ScalarType, SpecialType } from '../schema/schema.ts';
import { timeText } from './special.ts';

/**
 * Reads a message without envelope. Throws a RangeError or Error on bytes that are none. Fields that the message does not
 * declare are dropped; an open message, which would keep them in JSON, cannot do so here and refuses them.
 */
export function decodeMessage(message: Message, bytes: Uint8Array): JsonObject {
  const reader = protobuf.Reader.create(bytes);
  return readMessage(reader, message, reader.len);
}

const fieldsByNumber = new WeakMap<Message, ReadonlyMap<number, readonly [string, Field]>>();

function fieldOf(message: Message, number: number): readonly [string, Field] | undefined {
  let fields = fieldsByNumber.get(message);
  if (fields === undefined) {
    fields = new Map(message.numbered.map((entry) => [entry[1].number, entry]));
    fieldsByNumber.set(message, fields);
  }
  return fields.get(number);
}

function readMessage(reader: protobuf.Reader, message: Message, end: number): JsonObject {
  const result: JsonObject = {};
  while (reader.pos < end) {
    const tag = reader.uint32();
    const found = fieldOf(message, tag >>> 3);
    if (found !== undefined) readField(reader, found[0], found[1], result);
    else if (message.isOpen) throw new Error(`field ${tag >>> 3} of ${message.name} is not known here`);
    else reader.skipType(tag & 7);
  }
  return result;
}

function readField(reader: protobuf.Reader, name: string, field: Field, result: JsonObject): void {
  if (field.shape === 'map') {
    const [key, value] = readEntry(reader, field);
    result[name] = { ...(result[name] as JsonObject | undefined), [key]: value };
    return;
  }
  const value = readSingle(reader, field);
  if (field.shape === 'list') result[name] = [...((result[name] as unknown[] | undefined) ?? []), value];
  else if (value !== undefined) result[name] = value;
}

function readEntry(reader: protobuf.Reader, field: Field): [key: string, value: unknown] {
  const end = endOfMessage(reader);
  let key = '';
  let value: unknown = '';
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) key = reader.string();
    else if (tag >>> 3 === 2) value = readSingle(reader, field);
    else reader.skipType(tag & 7);
  }
  return [key, value];
}

function readSingle(reader: protobuf.Reader, { type }: Field): unknown {
  return typeof type === 'object' ? readMessage(reader, type, endOfMessage(reader)) : READ[type](reader);
}

function endOfMessage(reader: protobuf.Reader): number {
  const length = reader.uint32();
  if (reader.pos + length > reader.len)
    throw new RangeError(`a message of ${length} bytes ends beyond its frame`);
  return reader.pos + length;
}

/** The numbered values of a small message whose fields are all numbers and strings. */
function readValues(reader: protobuf.Reader): (number | string | undefined)[] {
  const end = endOfMessage(reader);
  const values: (number | string | undefined)[] = [];
  while (reader.pos < end) {
    const tag = reader.uint32();
    values[Math.min(tag >>> 3, 31)] = (tag & 7) === 2 ? reader.string() : Number(reader.int64());
  }
  return values;
}

function readTime(reader: protobuf.Reader, hasFraction: boolean): string | undefined {
  const [, seconds, nanos] = readValues(reader);
  return seconds === undefined ? undefined : timeText(Number(seconds), Number(nanos ?? 0), hasFraction);
}

const READ: Record<ScalarType | SpecialType, (reader: protobuf.Reader) => unknown> = {
  string: (reader) => reader.string(),
  bool: (reader) => reader.bool(),
  int32: (reader) => reader.int32(),
  int64: (reader) => Number(reader.int64()),
  bytes: (reader) => Buffer.from(reader.bytes()).toString('base64'),
  time: (reader) => readTime(reader, false),
  microTime: (reader) => readTime(reader, true),
  intOrString: (reader) => {
    const [, type, number, text] = readValues(reader);
    return type === 1 ? (text ?? '') : (number ?? 0);
  },
  quantity: (reader) => String(readValues(reader)[1] ?? ''),
  fieldsV1: (reader) => JSON.parse(String(readValues(reader)[1] ?? '{}')),
};
