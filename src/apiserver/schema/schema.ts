/**
 * A small language for the fields of Kubernetes messages. One declaration serves all who need to know fields: reading
 * request bodies, protobuf, strategic merge patches, server-side apply and OpenAPI.
 *
 * Fields are declared in the order of the Go structs, which is the order of the JSON; protobuf goes by number.
 */

export type ScalarType = 'string' | 'int32' | 'int64' | 'bool';
/** Types with a representation of their own in JSON and in protobuf. */
export type SpecialType = 'bytes' | 'time' | 'microTime' | 'intOrString' | 'quantity' | 'fieldsV1';

export interface Field {
  /** Protobuf field number; 0 in messages that are only ever JSON. */
  readonly number: number;
  readonly type: ScalarType | SpecialType | Message;
  readonly shape: 'single' | 'list' | 'map';
  /** A pointer in Go: presence matters. Others are written to protobuf also when zero (wire.md 3). */
  readonly isOptional: boolean;
  /** Strategic merge: elements with the same value of this field are merged. Lists without one are replaced. */
  readonly mergeKey?: string;
  /** Server-side apply: the fields that identify an element. Absent: the list has one owner as a whole. */
  readonly mapKeys?: readonly string[];
  /** A list of plain values that is a set for both kinds of merging. */
  readonly isSet?: boolean;
}

export interface Message {
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Fields in the order of their numbers. */
  readonly numbered: readonly (readonly [name: string, field: Field])[];
  /** Declares only some fields; others are kept as they come. Such a message has no protobuf. */
  readonly isOpen: boolean;
}

/** Declares a message of which every field is known. */
export function message(name: string, fields: Record<string, Field>): Message {
  return build(name, fields, false);
}

/** Declares a message of which only some fields matter here. */
export function openMessage(name: string, fields: Record<string, Field>): Message {
  return build(name, fields, true);
}

function build(name: string, fields: Record<string, Field>, isOpen: boolean): Message {
  const numbered = Object.entries(fields).toSorted(([, a], [, b]) => a.number - b.number);
  return { name, fields: new Map(Object.entries(fields)), numbered, isOpen };
}

function single(type: Field['type']): (number?: number) => Field {
  return (number = 0) => ({ number, type, shape: 'single', isOptional: false });
}

export const string = single('string');
export const int32 = single('int32');
export const int64 = single('int64');
export const bool = single('bool');
/** Base64 in JSON. */
export const bytes = single('bytes');
export const time = single('time');
export const microTime = single('microTime');
export const intOrString = single('intOrString');
export const quantity = single('quantity');
export const fieldsV1 = single('fieldsV1');

/** A message as a field. */
export function nested(type: Message, number = 0): Field {
  return single(type)(number);
}

/** A pointer in Go. */
export function optional(field: Field): Field {
  return { ...field, isOptional: true };
}

/** A list that patches replace. */
export function list(field: Field): Field {
  return { ...field, shape: 'list' };
}

/** A list whose elements patches merge by key; `mapKeys` where server-side apply has other keys. */
export function keyedList(field: Field, mergeKey: string, mapKeys: readonly string[] = [mergeKey]): Field {
  return { ...field, shape: 'list', mergeKey, mapKeys };
}

/** A list of plain values that patches merge as a set. */
export function setList(field: Field): Field {
  return { ...field, shape: 'list', isSet: true };
}

/** A map from strings. */
export function map(field: Field): Field {
  return { ...field, shape: 'map' };
}
