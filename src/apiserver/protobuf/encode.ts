/** Objects to protobuf bytes as Go's generated code writes them: fields by number, plain fields also when zero (wire.md 3). */
import protobuf from 'protobufjs/minimal.js';
import type { JsonObject } from '../objects.ts';
import { isObject } from '../objects.ts';
import type { Field, Message, ScalarType, SpecialType } from '../schema/schema.ts';
import { writeIntOrString, writeTime } from './special.ts';

// One for all messages: its buffer has grown to their size once, instead of once for each.
const shared = protobuf.Writer.create();

const VARINT = 0;
const BYTES = 2;

/** The bytes of a message, without envelope. Keeps nothing of the value. */
export function encodeMessage(message: Message, value: JsonObject): Buffer {
  shared.reset();
  writeMessage(shared, message, value);
  return Buffer.from(shared.finish(true));
}

function writeMessage(writer: protobuf.Writer, message: Message, value: JsonObject): void {
  for (const [name, field] of message.numbered) writeField(writer, field, value[name] ?? undefined);
}

function writeField(writer: protobuf.Writer, field: Field, value: unknown): void {
  if (field.shape === 'list') {
    if (Array.isArray(value)) for (const element of value) writeSingle(writer, field, field.number, element);
  } else if (field.shape === 'map') {
    if (isObject(value)) writeMap(writer, field, value);
  } else if (value !== undefined || !field.isOptional) {
    writeSingle(writer, field, field.number, value);
  }
}

/** Go sorts the keys of maps, so that equal objects have equal bytes. */
function writeMap(writer: protobuf.Writer, field: Field, value: JsonObject): void {
  for (const key of Object.keys(value).sort()) {
    writer.uint32((field.number << 3) | BYTES).fork();
    writer.uint32((1 << 3) | BYTES).string(key);
    writeSingle(writer, field, 2, value[key]);
    writer.ldelim();
  }
}

function writeSingle(writer: protobuf.Writer, { type }: Field, number: number, value: unknown): void {
  if (typeof type === 'object') {
    writer.uint32((number << 3) | BYTES).fork();
    writeMessage(writer, type, isObject(value) ? value : {});
    writer.ldelim();
    return;
  }
  WRITE[type](writer, number, value);
}

type Write = (writer: protobuf.Writer, number: number, value: unknown) => void;

const WRITE: Record<ScalarType | SpecialType, Write> = {
  string: (writer, number, value) =>
    writer.uint32((number << 3) | BYTES).string(typeof value === 'string' ? value : ''),
  bool: (writer, number, value) => writer.uint32((number << 3) | VARINT).bool(value === true),
  int32: (writer, number, value) => writer.uint32((number << 3) | VARINT).int32(Number(value ?? 0)),
  int64: (writer, number, value) => writer.uint32((number << 3) | VARINT).int64(Number(value ?? 0)),
  bytes: (writer, number, value) =>
    writer.uint32((number << 3) | BYTES).bytes(Buffer.from(String(value ?? ''), 'base64')),
  time: (writer, number, value) => {
    writer.uint32((number << 3) | BYTES).fork();
    writeTime(writer, value, false);
    writer.ldelim();
  },
  microTime: (writer, number, value) => {
    writer.uint32((number << 3) | BYTES).fork();
    writeTime(writer, value, true);
    writer.ldelim();
  },
  intOrString: (writer, number, value) => {
    writer.uint32((number << 3) | BYTES).fork();
    writeIntOrString(writer, value);
    writer.ldelim();
  },
  quantity: (writer, number, value) => {
    writer.uint32((number << 3) | BYTES).fork();
    writer.uint32((1 << 3) | BYTES).string(String(value ?? '0'));
    writer.ldelim();
  },
  fieldsV1: (writer, number, value) => {
    writer.uint32((number << 3) | BYTES).fork();
    if (isObject(value)) writer.uint32((1 << 3) | BYTES).bytes(Buffer.from(JSON.stringify(value)));
    writer.ldelim();
  },
};
