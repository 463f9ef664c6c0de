import type { FieldPath } from '../field-errors.ts';

/** Bytes that are no protobuf, or not of the message that they should be: where, as far as is known, and why. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly #path: (string | number)[];

  constructor(message: string, path: FieldPath = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.#path = [...path];
  }

  /** From the message that was being read to the field at fault. */
  get path(): FieldPath {
    return this.#path;
  }

  /** Puts `keys` in front of the path: each message that the error passes on its way up adds its own. */
  nest(...keys: (string | number)[]): this {
    this.#path.unshift(...keys);
    return this;
  }
}

/** What protobufjs throws, in the words of {@link WireError}. */
export function wireError(error: unknown, path: FieldPath): WireError {
  if (error instanceof WireError) return error;
  const isCutOff = error instanceof RangeError;
  const reason = error instanceof Error ? error.message : String(error);
  return new WireError(isCutOff ? 'the bytes end inside of it' : reason, path, error);
}
