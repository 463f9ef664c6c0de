/**
 * Untyped values (parsed JSON or YAML) to the small objects of objects.ts.
 *
 * In: anything. Out: an object whose every field can be trusted by a kernel table, or all errors of it. Never throws.
 */
import { decodeEndpointSlice } from './decode-endpoint-slice.ts';
import { decodeNode } from './decode-node.ts';
import { decodeService } from './decode-service.ts';
import { decodeServiceCIDR } from './decode-service-cidr.ts';
import { type FieldError, FieldErrors, type FieldPath } from './field-errors.ts';
import { type Fields, isFields, stringField } from './fields.ts';
import { type Identity, identityOf } from './identity.ts';
import type { ApiObject, Kind } from './objects.ts';
import { isNot } from './values.ts';

export type Decoded =
  | { readonly object: ApiObject }
  /** All that is wrong with it; `identity` is missing when that is wrong too. */
  | { readonly errors: readonly FieldError[]; readonly identity?: Identity }
  /** A kind that a service proxy does not read. */
  | { readonly ignored: string };

/** `kind` and `apiVersion` of an object. Items of typed lists do not carry them. */
export interface TypeMeta {
  readonly kind: string;
  readonly apiVersion: string;
}

interface Decoder {
  readonly apiVersion: string;
  readonly decode: (fields: Fields, errors: FieldErrors) => ApiObject;
}

const DECODERS: ReadonlyMap<string, Decoder> = new Map<Kind, Decoder>([
  ['Service', { apiVersion: 'v1', decode: decodeService }],
  ['EndpointSlice', { apiVersion: 'discovery.k8s.io/v1', decode: decodeEndpointSlice }],
  ['Node', { apiVersion: 'v1', decode: decodeNode }],
  ['ServiceCIDR', { apiVersion: 'networking.k8s.io/v1', decode: decodeServiceCIDR }],
]);

/** Decodes one object. `type` says what it is when it does not say so itself. */
export function decodeObject(value: unknown, type?: TypeMeta): Decoded {
  const errors = new FieldErrors();
  if (!isFields(value)) {
    errors.add(isNot(value, 'a Kubernetes object'));
    return { errors: errors.list };
  }
  const { kind, apiVersion } = typeOf(value, type, errors);
  if (errors.count > 0) return { errors: errors.list };
  const decoder = DECODERS.get(kind);
  if (decoder === undefined || decoder.apiVersion !== apiVersion) return { ignored: kind };
  return decodedOf(decoder.decode(value, errors), errors);
}

/** An object that was read, if no errors were found in it. */
export function decodedOf(object: ApiObject, errors: FieldErrors): Decoded {
  return errors.count === 0 ? { object } : failure(object, errors);
}

/** Whether this is the version of a kind that is read here. */
export function isKnownType({ kind, apiVersion }: TypeMeta): boolean {
  return DECODERS.get(kind)?.apiVersion === apiVersion;
}

function typeOf(fields: Fields, type: TypeMeta | undefined, errors: FieldErrors): TypeMeta {
  const kind = fields['kind'] ?? type?.kind;
  const apiVersion = fields['apiVersion'] ?? type?.apiVersion;
  if (typeof kind === 'string' && typeof apiVersion === 'string') return { kind, apiVersion };
  for (const [key, value] of Object.entries({ kind, apiVersion })) {
    if (value === undefined) errors.add('is missing', key);
    else stringField(fields, key, errors);
  }
  return { kind: '', apiVersion: '' };
}

function failure(object: ApiObject, errors: FieldErrors): Decoded {
  const isNameless = errors.list.some(({ path }) => path[0] === 'metadata' && path[1] !== 'labels');
  return isNameless ? { errors: errors.list } : { errors: errors.list, identity: identityOf(object) };
}

/** What {@link decodeObjects} found, and where in the document. */
export interface DecodedEntry {
  /** `[]` or `['items', 3]`; the paths of errors continue from here. */
  readonly path: FieldPath;
  readonly decoded: Decoded;
}

/**
 * Decodes a document: one object, or each item of a `List`, `ServiceList`, `EndpointSliceList` and so on.
 * A list inside a list is ignored, as no tool prints such.
 */
export function decodeObjects(document: unknown): readonly DecodedEntry[] {
  const itemType = listItemType(document);
  if (itemType === undefined || !isFields(document)) return [{ path: [], decoded: decodeObject(document) }];
  const items = document['items'] ?? [];
  if (!Array.isArray(items)) {
    return [{ path: [], decoded: { errors: [{ path: ['items'], message: isNot(items, 'a list') }] } }];
  }
  return items.map((item: unknown, index) => ({
    path: ['items', index],
    decoded: decodeObject(item, itemType === 'any' ? undefined : itemType),
  }));
}

/** What the items of a list are, 'any' for `v1 List`; undefined for what is no list of ours. */
function listItemType(document: unknown): TypeMeta | 'any' | undefined {
  if (!isFields(document)) return undefined;
  const { kind, apiVersion } = document;
  if (typeof kind !== 'string' || !kind.endsWith('List')) return undefined;
  if (kind === 'List' && apiVersion === 'v1') return 'any';
  const itemKind = kind.slice(0, -'List'.length);
  const decoder = DECODERS.get(itemKind);
  return decoder?.apiVersion === apiVersion && decoder !== undefined
    ? { kind: itemKind, apiVersion: decoder.apiVersion }
    : undefined;
}
