/**
 * JSON values to objects of a declared message: types are checked, fields come in the declared order, what is zero and
 * not a pointer is left out, as Go's `omitempty` does. Values behind this door can be trusted to have the declared types.
 */
import { isObject, type JsonObject } from '../objects.ts';
import type { Field, Message } from './schema.ts';

/** A value has the wrong type. The message names the field and what was found. */
export class TypeMismatch extends Error {
  override readonly name = 'TypeMismatch';
}

export interface ReadResult {
  readonly value: JsonObject;
  /** Paths of fields that the message does not declare; they are dropped. */
  readonly unknownFields: readonly string[];
}

/** Reads a message. Throws {@link TypeMismatch} at the first value of a wrong type. */
export function readMessage(message: Message, value: JsonObject): ReadResult {
  const unknownFields: string[] = [];
  return { value: readFields(message, value, '', unknownFields), unknownFields };
}

function readFields(message: Message, value: JsonObject, path: string, unknown: string[]): JsonObject {
  const result: JsonObject = {};
  for (const [name, field] of message.fields) {
    const found = value[name];
    if (found === undefined || found === null) continue;
    const read = readField(field, found, path === '' ? name : `${path}.${name}`, unknown);
    if (read !== undefined) result[name] = read;
  }
  for (const name of Object.keys(value)) {
    if (message.fields.has(name)) continue;
    if (message.isOpen) keepUndeclared(result, name, value[name]);
    else unknown.push(path === '' ? name : `${path}.${name}`);
  }
  return result;
}

function keepUndeclared(result: JsonObject, name: string, value: unknown): void {
  if (value !== null && name !== '__proto__') result[name] = value;
}

function readField(field: Field, value: unknown, path: string, unknown: string[]): unknown {
  if (field.shape === 'list') return readList(field, value, path, unknown);
  if (field.shape === 'map') return readMap(field, value, path);
  const read = readSingle(field, value, path, unknown);
  return isDropped(field, read) ? undefined : read;
}

function isDropped(field: Field, value: unknown): boolean {
  return !field.isOptional && (value === '' || value === 0 || value === false);
}

function readList(field: Field, value: unknown, path: string, unknown: string[]): unknown {
  if (!Array.isArray(value)) throw mismatch(path, value, 'a list');
  if (value.length === 0) return undefined;
  return value.map((element, index) => readSingle(field, element, `${path}[${index}]`, unknown));
}

function readMap(field: Field, value: unknown, path: string): unknown {
  if (!isObject(value)) throw mismatch(path, value, 'a map');
  const entries = Object.entries(value);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([key, it]) => [key, readSingle(field, it, `${path}.${key}`, [])]));
}

function readSingle({ type }: Field, value: unknown, path: string, unknown: string[]): unknown {
  if (typeof type === 'object') {
    if (!isObject(value)) throw mismatch(path, value, type.name);
    return readFields(type, value, path, unknown);
  }
  if (!IS_OF_TYPE[type](value)) throw mismatch(path, value, type);
  return type === 'quantity' ? String(value) : value;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const isInt32 = (value: unknown): boolean => Number.isInteger(value) && Number(value) === (Number(value) | 0);

const IS_OF_TYPE: Record<Exclude<Field['type'], Message>, (value: unknown) => boolean> = {
  string: isText,
  bool: (value) => typeof value === 'boolean',
  int32: isInt32,
  int64: (value) => Number.isSafeInteger(value),
  bytes: isText,
  time: isTime,
  microTime: isTime,
  intOrString: (value) => isText(value) || isInt32(value),
  quantity: (value) => isText(value) || typeof value === 'number',
  fieldsV1: isObject,
};

function mismatch(path: string, value: unknown, wanted: string): TypeMismatch {
  const found = Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : typeof value;
  return new TypeMismatch(`cannot unmarshal ${found} into field ${path} of type ${wanted}`);
}
