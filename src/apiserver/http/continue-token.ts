import { badRequest } from '../errors.ts';
import { isObject } from '../objects.ts';

/** Where the next page starts: after a key, in the state of a version. */
export interface Continuation {
  readonly version: number;
  readonly after: string;
}

export function encodeContinue(continuation: Continuation): string {
  return Buffer.from(JSON.stringify(continuation)).toString('base64url');
}

/** Throws 400 on text that this server has not given out. */
export function decodeContinue(token: string): Continuation {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (isObject(value) && typeof value['version'] === 'number' && typeof value['after'] === 'string') {
      return { version: value['version'], after: value['after'] };
    }
  } catch {
    // Falls through to the refusal.
  }
  throw badRequest('continue key is not valid: encoded continue key is not valid');
}
