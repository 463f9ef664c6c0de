/**
 * Checks of single values, whichever encoding they came in.
 *
 * In: a value that is there, and the key of its field. Out: the value with its type, or undefined when it is wrong; what
 * is wrong goes to the {@link FieldErrors}. They never throw.
 */
import type { FieldErrors } from './field-errors.ts';

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

/** A port number from `lowest` (0 where Kubernetes lets it stand for "none") to 65535. */
export function portOf(value: unknown, key: string, lowest: 0 | 1, errors: FieldErrors): number | undefined {
  if (isInteger(value, lowest, 65535)) return value;
  errors.add(isNot(value, `a port (${lowest} to 65535)`), key);
  return undefined;
}

/** A whole number from `lowest` to `highest`. */
export function integerOf(
  value: unknown,
  key: string,
  lowest: number,
  highest: number,
  errors: FieldErrors,
): number | undefined {
  if (isInteger(value, lowest, highest)) return value;
  errors.add(isNot(value, `a whole number from ${lowest} to ${highest}`), key);
  return undefined;
}

function isInteger(value: unknown, lowest: number, highest: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= lowest && value <= highest;
}

/** One of a few words. */
export function wordOf<Word extends string>(
  value: unknown,
  key: string,
  words: readonly Word[],
  errors: FieldErrors,
): Word | undefined {
  for (const word of words) if (word === value) return word;
  errors.add(isNot(value, `one of ${words.join(', ')}`), key);
  return undefined;
}
