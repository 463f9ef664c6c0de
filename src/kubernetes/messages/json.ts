const decoder = new TextDecoder('utf-8', { fatal: true });

/** Parses bytes that are JSON. Throws on what is none, and on invalid UTF-8. */
export function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(decoder.decode(bytes));
}
