/** Readers of objects inside an object: `spec`, `conditions`, `labels`. Contract as in fields.ts. */
import { FieldErrors } from './field-errors.ts';
import { type Fields, isFields } from './fields.ts';
import { isNot } from './values.ts';

const NO_FIELDS: Fields = {};

/** Reads a nested object by `decode`; an absent one as if it had no fields, so that `decode` sees what is missing. */
export function sectionField<Section>(
  fields: Fields,
  key: string,
  errors: FieldErrors,
  decode: (section: Fields, errors: FieldErrors) => Section,
): Section {
  const value = fields[key] ?? NO_FIELDS;
  if (!isFields(value)) {
    errors.add(isNot(value, 'an object'), key);
    // The caller needs some result to go on; what is missing in nothing is no news.
    return decode(NO_FIELDS, new FieldErrors());
  }
  const before = errors.count;
  const section = decode(value, errors);
  if (errors.count > before) errors.nest(before, key);
  return section;
}

const NO_STRINGS: Readonly<Record<string, string>> = {};

/**
 * A map of strings, such as labels: the very object that is in the field if it is all right. A null in it is the empty
 * string, as for the API server; the key counts (SVC-04).
 */
export function stringMapField(
  fields: Fields,
  key: string,
  errors: FieldErrors,
): Readonly<Record<string, string>> {
  const value = fields[key] ?? NO_STRINGS;
  if (!isFields(value)) {
    errors.add(isNot(value, 'an object'), key);
    return NO_STRINGS;
  }
  return isStringMap(value) ? value : stringMapOf(value, key, errors);
}

function isStringMap(value: Fields): value is Readonly<Record<string, string>> {
  for (const name in value) if (typeof value[name] !== 'string') return false;
  return true;
}

function stringMapOf(value: Fields, key: string, errors: FieldErrors): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const [name, item] of Object.entries(value)) {
    const text = item ?? '';
    if (typeof text === 'string') entries.push([name, text]);
    else errors.add(isNot(text, 'a string'), key, name);
  }
  return Object.fromEntries(entries);
}
