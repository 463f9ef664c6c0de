/** One page of a list, in either encoding. */
import { type Decoded, decodeObject, type TypeMeta } from '../../api/decode.ts';
import { isFields } from '../../api/fields.ts';
import { decodeMessage } from '../../api/protobuf/decode-message.ts';
import { openEnvelope } from '../../api/protobuf/envelope.ts';
import { readList } from '../../api/protobuf/list.ts';
import { resourceVersionOf } from '../../api/versioned-object.ts';
import type { Encoding } from './encoding.ts';
import { parseJson } from './json.ts';
import { MessageError, messageError } from './message-error.ts';

export interface ListPage {
  /** Where a watch goes on from: the version of the list, not of an item. */
  readonly resourceVersion: string;
  /** Where the next page starts; "" on the last one. */
  readonly continueToken: string;
  readonly items: readonly Decoded[];
}

/** Decodes a list of objects of one type. Throws a {@link MessageError} if the list itself, not an item, is broken. */
export function decodeListPage(itemType: TypeMeta, encoding: Encoding, body: Uint8Array): ListPage {
  const what = `${itemType.kind}List`;
  try {
    const page = encoding === 'protobuf' ? protobufPage(itemType, body) : jsonPage(itemType, body);
    if (page.resourceVersion === '') throw new MessageError('metadata.resourceVersion: is missing');
    return page;
  } catch (error) {
    throw messageError(what, error);
  }
}

function protobufPage(itemType: TypeMeta, body: Uint8Array): ListPage {
  const envelope = openEnvelope(body);
  checkType(itemType, envelope);
  const list = readList(envelope.raw);
  return { ...list, items: list.items.map((item) => decodeMessage(itemType, item).decoded) };
}

function jsonPage(itemType: TypeMeta, body: Uint8Array): ListPage {
  const list = parseJson(body);
  if (!isFields(list)) throw new MessageError('is no object');
  checkType(itemType, { kind: String(list['kind']), apiVersion: String(list['apiVersion']) });
  const metadata = isFields(list['metadata']) ? list['metadata'] : {};
  const items: unknown = list['items'] ?? [];
  if (!Array.isArray(items)) throw new MessageError('items: is no list');
  const token = metadata['continue'];
  return {
    resourceVersion: resourceVersionOf(metadata) ?? '',
    continueToken: typeof token === 'string' ? token : '',
    items: items.map((item: unknown) => decodeObject(item, itemType)),
  };
}

function checkType(itemType: TypeMeta, { kind, apiVersion }: TypeMeta): void {
  if (kind === `${itemType.kind}List` && apiVersion === itemType.apiVersion) return;
  throw new MessageError(`is a ${kind} of ${apiVersion || 'no version'}`);
}
