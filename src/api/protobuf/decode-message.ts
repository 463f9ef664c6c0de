/**
 * Messages to the small objects of objects.ts, through the same checks as parsed JSON (decode.ts).
 *
 * In: the bytes of a message without envelope. Out: as decodeObject says, plus the version. Never throws.
 */
import type { Decoded, TypeMeta } from '../decode.ts';
import type { Fields } from '../fields.ts';
import type { Kind } from '../objects.ts';
import { decodeVersioned, type VersionedObject } from '../versioned-object.ts';
import { identityOfMessage } from './identity-of-message.ts';
import { readEndpointSlice } from './read-endpoint-slice.ts';
import { readNode } from './read-node.ts';
import { readService } from './read-service.ts';
import { readServiceCIDR } from './read-service-cidr.ts';
import { wireError } from './wire-error.ts';
import { type ReadMessage, readMessage } from './wire-reader.ts';

const READERS: Readonly<Record<Kind, ReadMessage<Fields>>> = {
  Service: readService,
  EndpointSlice: readEndpointSlice,
  Node: readNode,
  ServiceCIDR: readServiceCIDR,
};

/** Decodes the message of an object whose type the envelope, or the list that it is in, tells. */
export function decodeMessage(type: TypeMeta, bytes: Uint8Array): VersionedObject {
  const { kind } = type;
  if (!isKind(kind)) return { decoded: { ignored: kind }, resourceVersion: undefined };
  try {
    return decodeVersioned(readMessage(bytes, READERS[kind]), type);
  } catch (error) {
    return { decoded: unreadable(kind, bytes, error), resourceVersion: undefined };
  }
}

function isKind(kind: string): kind is Kind {
  return Object.hasOwn(READERS, kind);
}

function unreadable(kind: Kind, bytes: Uint8Array, error: unknown): Decoded {
  const { path, message } = wireError(error, []);
  const identity = identityOfMessage(kind, bytes);
  return { errors: [{ path, message }], ...(identity && { identity }) };
}
