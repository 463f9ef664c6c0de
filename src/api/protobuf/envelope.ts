/** What Kubernetes puts around a message: `k8s\0` and runtime.Unknown (wire.md 2). */
import type { TypeMeta } from '../decode.ts';
import { WireError } from './wire-error.ts';
import { readMessage, type WireReader } from './wire-reader.ts';

/** An object whose type is known, and whose message is still unread. */
export interface Envelope extends TypeMeta {
  readonly raw: Uint8Array;
}

const MAGIC = [0x6b, 0x38, 0x73, 0x00];
const NO_BYTES = new Uint8Array();

/** Takes the envelope off. Throws a {@link WireError}. */
export function openEnvelope(bytes: Uint8Array): Envelope {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new WireError('is no Kubernetes object: it does not start with "k8s\\0"');
  }
  return readMessage(bytes.subarray(MAGIC.length), readUnknown);
}

function readUnknown(wire: WireReader): Envelope {
  let type: TypeMeta = { apiVersion: '', kind: '' };
  let raw: Uint8Array = NO_BYTES;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) type = wire.message('typeMeta', readTypeMeta);
    else if (field === 2) raw = wire.bytes('raw');
    else wire.skip();
  }
  return { apiVersion: type.apiVersion, kind: type.kind, raw };
}

function readTypeMeta(wire: WireReader): TypeMeta {
  let apiVersion = '';
  let kind = '';
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) apiVersion = wire.sharedString('apiVersion');
    else if (field === 2) kind = wire.sharedString('kind');
    else wire.skip();
  }
  return { apiVersion, kind };
}
