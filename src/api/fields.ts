/**
 * Readers of single fields of an untyped object, as JSON or YAML gives it.
 *
 * In: an object and the name of a field. Out: a value of the right type, or undefined (lists: empty) when the field is
 * absent, null or wrong; what is wrong goes to the {@link FieldErrors}. They never throw.
 */
import type { FieldErrors } from './field-errors.ts';
import { integerOf, isNot, portOf, wordOf } from './values.ts';

/** A JSON object whose fields nobody has looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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

/** As {@link portOf}. */
export function portField(
  fields: Fields,
  key: string,
  errors: FieldErrors,
  lowest: 0 | 1 = 1,
): number | undefined {
  const value = fields[key] ?? undefined;
  return value === undefined ? undefined : portOf(value, key, lowest, errors);
}

/** As {@link integerOf}. */
export function integerField(
  fields: Fields,
  key: string,
  lowest: number,
  highest: number,
  errors: FieldErrors,
): number | undefined {
  const value = fields[key] ?? undefined;
  return value === undefined ? undefined : integerOf(value, key, lowest, highest, errors);
}

/** As {@link wordOf}. */
export function wordField<Word extends string>(
  fields: Fields,
  key: string,
  words: readonly Word[],
  errors: FieldErrors,
): Word | undefined {
  const value = fields[key] ?? undefined;
  return value === undefined ? undefined : wordOf(value, key, words, errors);
}

/** A list of strings. Wrong items are left out, so that the rest can be checked on. */
export function stringListField(fields: Fields, key: string, errors: FieldErrors): readonly string[] {
  const values = listOf(fields, key, errors);
  if (areStrings(values)) return values;
  return values.flatMap((value, index) => {
    if (typeof value === 'string') return [value];
    errors.add(isNot(value, 'a string'), key, index);
    return [];
  });
}

function areStrings(values: readonly unknown[]): values is readonly string[] {
  return values.every((value) => typeof value === 'string');
}

/** A list of objects, each read by `decode`. Items that are no objects are left out. */
export function objectListField<Item>(
  fields: Fields,
  key: string,
  errors: FieldErrors,
  decode: (item: Fields, errors: FieldErrors) => Item,
): Item[] {
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
