/**
 * Messages to the small objects of objects.ts, with the same checks as parsed JSON (decode.ts).
 *
 * In: the bytes of a message without envelope. Out: as decodeObject says, plus the version. Never throws.
 */
import { type Decoded, decodedOf, isKnownType, type TypeMeta } from '../decode.ts';
import type { Kind } from '../objects.ts';
import type { VersionedObject } from '../versioned-object.ts';
import { identityOfMessage } from './identity-of-message.ts';
import type { ObjectMessage } from './object-message.ts';
import { readEndpointSlice } from './read-endpoint-slice.ts';
import { readNode } from './read-node.ts';
import { readService } from './read-service.ts';
import { readServiceCIDR } from './read-service-cidr.ts';
import { wireError } from './wire-error.ts';
import { type ReadMessage, WireReader } from './wire-reader.ts';

const READERS: Readonly<Record<Kind, ReadMessage<ObjectMessage>>> = {
  Service: readService,
  EndpointSlice: readEndpointSlice,
  Node: readNode,
  ServiceCIDR: readServiceCIDR,
};

/** Decodes the message of an object whose type the envelope, or the list that it is in, tells. */
export function decodeMessage(type: TypeMeta, bytes: Uint8Array): VersionedObject {
  const { kind } = type;
  if (!isKind(kind) || !isKnownType(type)) return { decoded: { ignored: kind }, resourceVersion: undefined };
  const wire = new WireReader(bytes);
  try {
    const { object, resourceVersion } = wire.whole(READERS[kind]);
    return { decoded: decodedOf(object, wire.errors), resourceVersion };
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
