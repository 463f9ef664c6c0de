import { type FieldPath, pathText } from '../../api/field-errors.ts';
import { WireError } from '../../api/protobuf/wire-error.ts';

/** A list or a stream that cannot be read, as opposed to one object in it. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

/** What went wrong while `what` was read: `ServiceList: metadata.continue: ends 7 bytes beyond its message`. */
export function messageError(what: string, cause: unknown): MessageError {
  const path: FieldPath = cause instanceof WireError ? cause.path : [];
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MessageError([what, pathText(path), reason].filter((part) => part !== '').join(': '), { cause });
}
