/** What Kubernetes puts around protobuf messages: `k8s\0` and runtime.Unknown; frames of watch streams (wire.md 2). */
import protobuf from 'protobufjs/minimal.js';
import { message, nested, string } from '../schema/schema.ts';
import { decodeMessage } from './decode.ts';
import { encodeMessage } from './encode.ts';

const MAGIC = Buffer.from('k8s\0');

const TYPE_META = message('TypeMeta', { apiVersion: string(1), kind: string(2) });
const HEAD = message('Unknown', { typeMeta: nested(TYPE_META, 1) });
/** contentEncoding and contentType, both empty. */
const TAIL = Buffer.from([0x1a, 0, 0x22, 0]);

/** An object with magic and envelope. */
export function wrap(apiVersion: string, kind: string, raw: Uint8Array): Buffer {
  return Buffer.concat(wrapParts(apiVersion, kind, [raw]));
}

/** The same of a message that comes in parts; for lists, whose parts are remembered bytes. */
export function wrapParts(apiVersion: string, kind: string, parts: readonly Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = encodeMessage(HEAD, { typeMeta: { apiVersion, kind } });
  return [MAGIC, head, bytesTag(2, length), ...parts, TAIL];
}

/** Tag and length of a field of bytes. */
export function bytesTag(number: number, length: number): Buffer {
  return Buffer.from(
    protobuf.Writer.create()
      .uint32((number << 3) | 2)
      .uint32(length)
      .finish(),
  );
}

/** A frame of a watch stream: length, type, and an object with its envelope. */
export function frame(type: string, object: Uint8Array): Buffer {
  const typeBytes = Buffer.from(type);
  const rawTag = bytesTag(1, object.length);
  const parts = [
    bytesTag(1, typeBytes.length),
    typeBytes,
    bytesTag(2, rawTag.length + object.length),
    rawTag,
    object,
  ];
  const length = Buffer.alloc(4);
  length.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, 0));
  return Buffer.concat([length, ...parts]);
}

export interface Unwrapped {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Uint8Array;
}

/** Takes the envelope off. Throws where the magic or the envelope is broken. */
export function unwrap(bytes: Uint8Array): Unwrapped {
  if (!MAGIC.equals(bytes.subarray(0, MAGIC.length)))
    throw new Error('the body does not start with "k8s\\0"');
  const body = bytes.subarray(MAGIC.length);
  const { typeMeta } = decodeMessage(HEAD, body) as { typeMeta?: { apiVersion?: string; kind?: string } };
  return { apiVersion: typeMeta?.apiVersion ?? '', kind: typeMeta?.kind ?? '', raw: rawOf(body) };
}

function rawOf(body: Uint8Array): Uint8Array {
  const reader = protobuf.Reader.create(body);
  let raw: Uint8Array = new Uint8Array();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 2) raw = reader.bytes();
    else reader.skipType(tag & 7);
  }
  return raw;
}
