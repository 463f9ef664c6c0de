/**
 * OpenAPI v2, which kubectl falls back to for kinds that v3 does not describe, such as `List`. It describes nothing: kubectl
 * then leaves the items as they are, and asks the server to judge each of them as strictly as any other object.
 */
import { encodeMessage } from '../protobuf/encode.ts';
import { message, nested, string } from '../schema/schema.ts';
import { type Answer, type Exchange, jsonAnswer } from './exchange.ts';
import { parseAccept } from './negotiate.ts';

/** What kubectl asks for; its own parser does not take that in an answer, which therefore has the newer name. */
const ASKED = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const ANSWERED = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

// Source of the numbers: openapiv2/OpenAPIv2.proto of github.com/google/gnostic-models.
const INFO = message('Info', { title: string(1), version: string(2) });
const PATHS = message('Paths', {});
const DOCUMENT = message('Document', { swagger: string(1), info: nested(INFO, 2), paths: nested(PATHS, 8) });

const EMPTY = {
  swagger: '2.0',
  info: { title: 'nodeplane embedded API server', version: 'v1' },
  paths: {},
};

export function openApiV2(exchange: Exchange): Answer {
  const ranges = parseAccept(exchange.header('accept'));
  if (!ranges.some(({ type }) => type === ASKED || type === ANSWERED)) return jsonAnswer(EMPTY);
  return { status: 200, mediaType: ANSWERED, body: encodeMessage(DOCUMENT, EMPTY) };
}
