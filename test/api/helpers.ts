import type { ExecutionContext } from 'ava';
import { decodeObject } from '../../src/api/decode.ts';
import { describeFieldError } from '../../src/api/field-errors.ts';
import type { ApiObject } from '../../src/api/objects.ts';

/** The decoded object; the test fails, saying why, if there is none. */
export function decoded(t: ExecutionContext, value: unknown): ApiObject {
  const result = decodeObject(value);
  if ('object' in result) return result.object;
  t.fail(JSON.stringify(result));
  throw new Error('not decoded');
}

/** The errors of an object as text. */
export function errorsOf(value: unknown): readonly string[] {
  const result = decodeObject(value);
  return 'errors' in result ? result.errors.map(describeFieldError) : [];
}
