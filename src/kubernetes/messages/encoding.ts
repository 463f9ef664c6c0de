/** The two encodings of the API, told by content type (wire.md 1). */

export type Encoding = 'protobuf' | 'json';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const JSON_TYPE = 'application/json';

/** `Accept` of a request that prefers an encoding. Errors, and servers that have no protobuf, may always answer JSON. */
export function acceptHeader(preferred: Encoding): string {
  return preferred === 'protobuf' ? `${PROTOBUF}, ${JSON_TYPE}` : JSON_TYPE;
}

/** The encoding of a body; undefined for all that is not the API server's, such as the page of a proxy in between. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === PROTOBUF) return 'protobuf';
  return type === JSON_TYPE ? 'json' : undefined;
}
