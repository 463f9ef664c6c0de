/** ServiceList, EndpointSliceList and so on: metadata and messages that carry no type of their own (wire.md 2). */
import { readMessage, type WireReader } from './wire-reader.ts';

export interface ListMessage {
  readonly resourceVersion: string;
  /** Where the next page starts; "" on the last one. */
  readonly continueToken: string;
  /** The messages of the items, unread: one broken item does not spoil the others. */
  readonly items: readonly Uint8Array[];
}

interface ListMeta {
  readonly resourceVersion: string;
  readonly continueToken: string;
}

/** Throws a WireError if the list itself, not an item, is broken. */
export function readList(bytes: Uint8Array): ListMessage {
  return readMessage(bytes, readListMessage);
}

function readListMessage(wire: WireReader): ListMessage {
  let metadata: ListMeta = { resourceVersion: '', continueToken: '' };
  const items: Uint8Array[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) metadata = wire.message('metadata', readListMeta);
    else if (field === 2) items.push(wire.bytes('items'));
    else wire.skip();
  }
  return { ...metadata, items };
}

function readListMeta(wire: WireReader): ListMeta {
  let resourceVersion = '';
  let continueToken = '';
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 2) resourceVersion = wire.string('resourceVersion');
    else if (field === 3) continueToken = wire.string('continue');
    else wire.skip();
  }
  return { resourceVersion, continueToken };
}
