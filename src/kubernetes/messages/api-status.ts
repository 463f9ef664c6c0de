/** meta/v1 Status: what the API server says when it refuses. */
import { type Fields, isFields } from '../../api/fields.ts';
import { openEnvelope } from '../../api/protobuf/envelope.ts';
import { readStatus } from '../../api/protobuf/read-status.ts';
import { readMessage } from '../../api/protobuf/wire-reader.ts';
import type { Encoding } from './encoding.ts';
import { parseJson } from './json.ts';

export interface ApiStatus {
  /** HTTP status code; also in the ERROR events of a watch. */
  readonly code: number;
  /** A word for programs, such as `Expired`; "" if there is none. */
  readonly reason: string;
  /** A sentence for people. */
  readonly message: string;
  /** Reasons of `details.causes`. */
  readonly causes: readonly string[];
  readonly retryAfterSeconds: number | undefined;
}

/** Reads a Status that is JSON, or fields as JSON has them. What is missing or wrong in it is left out. */
export function statusOf(fields: Fields): ApiStatus {
  const { code, reason, message } = fields;
  const details = isFields(fields['details']) ? fields['details'] : {};
  const retryAfter = details['retryAfterSeconds'];
  return {
    code: typeof code === 'number' ? code : 0,
    reason: typeof reason === 'string' ? reason : '',
    message: typeof message === 'string' ? message : '',
    causes: Array.isArray(details['causes']) ? details['causes'].flatMap(reasonOf) : [],
    retryAfterSeconds: typeof retryAfter === 'number' && retryAfter > 0 ? retryAfter : undefined,
  };
}

function reasonOf(cause: unknown): string[] {
  return isFields(cause) && typeof cause['reason'] === 'string' ? [cause['reason']] : [];
}

const SHOWN_LENGTH = 200;

/** The Status in the body of an HTTP error; whatever text is there if it has none. Never throws. */
export function statusOfBody(code: number, encoding: Encoding | undefined, body: Buffer): ApiStatus {
  try {
    const status = statusOf(fieldsOfBody(encoding, body));
    return { ...status, code };
  } catch {
    const message = body.toString('utf8', 0, SHOWN_LENGTH).trim();
    return { code, reason: '', message, causes: [], retryAfterSeconds: undefined };
  }
}

function fieldsOfBody(encoding: Encoding | undefined, body: Buffer): Fields {
  if (encoding === 'protobuf') return readMessage(openEnvelope(body).raw, readStatus);
  const value = parseJson(body);
  if (isFields(value)) return value;
  throw new TypeError('is no Status');
}
