/** meta/v1 WatchEvent: the body of a frame of a watch stream (wire.md 2), and what only bookmarks have. */
import type { Fields } from '../fields.ts';
import { readMapEntry } from './read-metadata.ts';
import { readMessage, type WireReader } from './wire-reader.ts';

export interface WatchEventMessage {
  /** ADDED, MODIFIED, DELETED, BOOKMARK, ERROR */
  readonly type: string;
  /** The object in its envelope. */
  readonly object: Uint8Array;
}

const NO_BYTES = new Uint8Array();

/** Throws a WireError. */
export function readWatchEvent(bytes: Uint8Array): WatchEventMessage {
  return readMessage(bytes, readEvent);
}

function readEvent(wire: WireReader): WatchEventMessage {
  let type = '';
  let object: Uint8Array = NO_BYTES;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) type = wire.sharedString('type');
    else if (field === 2) object = wire.message('object', readRawExtension);
    else wire.skip();
  }
  return { type, object };
}

function readRawExtension(wire: WireReader): Uint8Array {
  let raw: Uint8Array = NO_BYTES;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) raw = wire.bytes('raw');
    else wire.skip();
  }
  return raw;
}

/** The metadata of a bookmark's object, whatever its kind: `{ resourceVersion, annotations }`. Throws a WireError. */
export function readBookmarkMetadata(bytes: Uint8Array): Fields {
  return readMessage(bytes, (wire) => {
    let metadata: Fields = {};
    for (let field = wire.next(); field !== 0; field = wire.next()) {
      if (field === 1) metadata = wire.message('metadata', readVersionAndAnnotations);
      else wire.skip();
    }
    return metadata;
  });
}

function readVersionAndAnnotations(wire: WireReader): Fields {
  let resourceVersion: string | undefined;
  const annotations: [string, string][] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 6) resourceVersion = wire.string('resourceVersion');
    else if (field === 12) annotations.push(wire.message('annotations', readMapEntry, annotations.length));
    else wire.skip();
  }
  return { resourceVersion, annotations: Object.fromEntries(annotations) };
}
