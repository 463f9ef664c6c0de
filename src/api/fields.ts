/**
 * Readers of single fields of an untyped object, as JSON or YAML gives it.
 *
 * In: an object and the name of a field. Out: a value of the right type, or undefined (lists: empty) when the field is
 * absent, null or wrong; what is wrong goes to the {@link FieldErrors}. They never throw.
 */
import type { FieldErrors } from './field-errors.ts';

/** A JSON object whose fields nobody has looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `70000 is not a port (1 to 65535)`: the wording of every error about a value. */
export function isNot(value: unknown, what: string): string {
  return `${show(value)} is not ${what}`;
}

const SHOWN_LENGTH = 80;

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}...`;
}

export function stringField(fields: Fields, key: string, errors: FieldErrors): string | undefined {
  const value = fields[key] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  errors.add(isNot(value, 'a string'), key);
  return undefined;
}

export function booleanField(fields: Fields, key: string, errors: FieldErrors): boolean | undefined {
  const value = fields[key] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  errors.add(isNot(value, 'true or false'), key);
  return undefined;
}

/** A port number from `lowest` (0 where Kubernetes lets it stand for "none") to 65535. */
export function portField(
  fields: Fields,
  key: string,
  errors: FieldErrors,
  lowest: 0 | 1 = 1,
): number | undefined {
  const value = fields[key] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= lowest && value <= 65535) return value;
  errors.add(isNot(value, `a port (${lowest} to 65535)`), key);
  return undefined;
}

/** A whole number from `lowest` to `highest`. */
export function integerField(
  fields: Fields,
  key: string,
  lowest: number,
  highest: number,
  errors: FieldErrors,
): number | undefined {
  const value = fields[key] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= lowest && value <= highest)
    return value;
  errors.add(isNot(value, `a whole number from ${lowest} to ${highest}`), key);
  return undefined;
}

/** One of a few words. */
export function wordField<Word extends string>(
  fields: Fields,
  key: string,
  words: readonly Word[],
  errors: FieldErrors,
): Word | undefined {
  const value = fields[key] ?? undefined;
  if (value === undefined) return undefined;
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) errors.add(isNot(value, `one of ${words.join(', ')}`), key);
  return word;
}

/** A list of strings. Wrong items are left out, so that the rest can be checked on. */
export function stringListField(fields: Fields, key: string, errors: FieldErrors): readonly string[] {
  const values = listOf(fields, key, errors);
  const strings: string[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'string') strings.push(value);
    else errors.add(isNot(value, 'a string'), key, i);
  }
  return strings;
}

/** A list of objects, each read by `decode`. Items that are no objects are left out. */
export function objectListField<Item>(
  fields: Fields,
  key: string,
  errors: FieldErrors,
  decode: (item: Fields, errors: FieldErrors) => Item,
): readonly Item[] {
  const values = listOf(fields, key, errors);
  const items: Item[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const before = errors.count;
    if (isFields(value)) items.push(decode(value, errors));
    else errors.add(isNot(value, 'an object'));
    if (errors.count > before) errors.nest(before, key, i);
  }
  return items;
}

const NO_VALUES: readonly unknown[] = [];

function listOf(fields: Fields, key: string, errors: FieldErrors): readonly unknown[] {
  const value = fields[key] ?? NO_VALUES;
  if (Array.isArray(value)) return value;
  errors.add(isNot(value, 'a list'), key);
  return NO_VALUES;
}
