/** An event of a watch, in either encoding (wire.md 5). */
import type { TypeMeta } from '../../api/decode.ts';
import { type Fields, isFields } from '../../api/fields.ts';
import { decodeMessage } from '../../api/protobuf/decode-message.ts';
import { openEnvelope } from '../../api/protobuf/envelope.ts';
import { readStatus } from '../../api/protobuf/read-status.ts';
import { readBookmarkMetadata, readWatchEvent } from '../../api/protobuf/watch-event.ts';
import { readMessage } from '../../api/protobuf/wire-reader.ts';
import { decodeVersioned, resourceVersionOf, type VersionedObject } from '../../api/versioned-object.ts';
import { type ApiStatus, statusOf } from './api-status.ts';
import { parseJson } from './json.ts';
import { MessageError, messageError } from './message-error.ts';

export interface ObjectChange extends VersionedObject {
  readonly type: 'put' | 'delete';
}

export interface Bookmark {
  readonly type: 'bookmark';
  readonly resourceVersion: string | undefined;
  /** It follows the last of the initial events: now the set is complete. */
  readonly isInitialEnd: boolean;
}

export type WatchEvent = ObjectChange | Bookmark | { readonly type: 'error'; readonly status: ApiStatus };

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** Reads the body of a frame. Throws a {@link MessageError} if it is none; a broken object is part of the answer. */
export function protobufWatchEvent(frame: Uint8Array): WatchEvent {
  try {
    const event = readWatchEvent(frame);
    const envelope = openEnvelope(event.object);
    if (event.type === 'BOOKMARK') return bookmark(readBookmarkMetadata(envelope.raw));
    if (event.type === 'ERROR')
      return { type: 'error', status: statusOf(readMessage(envelope.raw, readStatus)) };
    return change(event.type, decodeMessage(envelope, envelope.raw), envelope);
  } catch (error) {
    throw messageError('watch event', error);
  }
}

/** Reads a line. Throws as {@link protobufWatchEvent} does. */
export function jsonWatchEvent(line: Uint8Array): WatchEvent {
  try {
    const event = parseJson(line);
    if (!isFields(event) || !isFields(event['object'])) throw new MessageError('is no event with an object');
    const { type, object } = event;
    if (type === 'BOOKMARK') return bookmark(isFields(object['metadata']) ? object['metadata'] : {});
    if (type === 'ERROR') return { type: 'error', status: statusOf(object) };
    return change(String(type), decodeVersioned(object), typeOf(object));
  } catch (error) {
    throw messageError('watch event', error);
  }
}

function typeOf(object: Fields): TypeMeta {
  return { kind: String(object['kind']), apiVersion: String(object['apiVersion']) };
}

function bookmark(metadata: Fields): Bookmark {
  const annotations = isFields(metadata['annotations']) ? metadata['annotations'] : {};
  return {
    type: 'bookmark',
    resourceVersion: resourceVersionOf(metadata),
    isInitialEnd: annotations[INITIAL_EVENTS_END] === 'true',
  };
}

function change(type: string, object: VersionedObject, { kind, apiVersion }: TypeMeta): ObjectChange {
  const { decoded, resourceVersion } = object;
  if ('ignored' in decoded) throw new MessageError(`has a ${kind} of ${apiVersion}`);
  if (type === 'ADDED' || type === 'MODIFIED') return { type: 'put', decoded, resourceVersion };
  if (type === 'DELETED') return { type: 'delete', decoded, resourceVersion };
  throw new MessageError(`has the unknown type ${JSON.stringify(type.slice(0, 40))}`);
}
