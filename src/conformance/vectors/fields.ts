import type { FieldErrors } from '../../api/field-errors.ts';
import { type Fields, portField, stringField, wordField } from '../../api/fields.ts';
import { isNot } from '../../api/values.ts';
import { canonicalAddress, withPort } from '../../net/address.ts';

/**
 * Readers of fields that a vector must have. Like those of src/api/fields.ts they never throw: they give an
 * empty value when a field is absent or wrong, and what is wrong goes to the errors.
 */

export function requiredString(fields: Fields, key: string, errors: FieldErrors): string {
  return required(fields, key, errors, stringField(fields, key, errors)) ?? '';
}

export function requiredWord<Word extends string>(
  fields: Fields,
  key: string,
  words: readonly [Word, ...Word[]],
  errors: FieldErrors,
): Word {
  return required(fields, key, errors, wordField(fields, key, words, errors)) ?? words[0];
}

export function requiredPort(fields: Fields, key: string, errors: FieldErrors): number {
  return required(fields, key, errors, portField(fields, key, errors)) ?? 0;
}

/** Canonical. */
export function requiredAddress(fields: Fields, key: string, errors: FieldErrors): string {
  const text = requiredString(fields, key, errors);
  const address = canonicalAddress(text);
  if (address === undefined && text !== '') errors.add(isNot(text, 'an IP address'), key);
  return address ?? '';
}

/** A list that need not be there. */
export function list(fields: Fields, key: string, errors: FieldErrors): readonly unknown[] {
  const value = fields[key] ?? [];
  if (Array.isArray(value)) return value;
  errors.add(isNot(value, 'a list'), key);
  return [];
}

/** A list of `ip:port` and `[ip]:port`, made canonical. */
export function endpointList(fields: Fields, key: string, errors: FieldErrors): string[] {
  return list(fields, key, errors).flatMap((value, index) => {
    const endpoint = typeof value === 'string' ? canonicalEndpoint(value) : undefined;
    if (endpoint === undefined) errors.add(isNot(value, 'an endpoint (address:port)'), key, index);
    return endpoint ?? [];
  });
}

function canonicalEndpoint(text: string): string | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const address = canonicalAddress(match?.[1] ?? match?.[2] ?? '');
  const port = Number(match?.[3]);
  return address !== undefined && port >= 1 && port <= 65535 ? withPort(address, port) : undefined;
}

/** Fields that nobody would look at: what they expect would not be checked. */
export function refuseOthers(fields: Fields, known: readonly string[], errors: FieldErrors): void {
  for (const key of Object.keys(fields)) {
    if (!known.includes(key)) errors.add('is no field of a vector', key);
  }
}

function required<Value>(
  fields: Fields,
  key: string,
  errors: FieldErrors,
  value: Value | undefined,
): Value | undefined {
  if ((fields[key] ?? undefined) === undefined) errors.add('is missing', key);
  return value;
}
