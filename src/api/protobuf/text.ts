/**
 * Strings of messages. Invalid UTF-8 is an error: replaced silently, two different names could become one.
 *
 * Most strings of a cluster are the same few hundred (nodes, label keys, port names), and every slice repeats them.
 * They are looked up by their bytes instead of made anew, which saves their memory, and time where they are compared.
 */
import protobuf from 'protobufjs/minimal.js';

const TABLE_SIZE = 4096;
const LONGEST_SHARED = 63;

const table = new Array<string | undefined>(TABLE_SIZE);

/** The string in `bytes[start..end)`; throws a TypeError if that is no UTF-8. */
export function readText(bytes: Buffer, start: number, end: number): string {
  // In one piece: protobufjs puts short strings together from characters, and each piece is garbage.
  if (isAscii(bytes, start, end)) return bytes.toString('latin1', start, end);
  return protobuf.util.utf8.readStrict(bytes, start, end);
}

function isAscii(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((bytes[i] ?? 0) > 127) return false;
  return true;
}

/** As {@link readText}, for strings that come again and again. */
export function readSharedText(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST_SHARED) return readText(bytes, start, end);
  const place = placeOf(bytes, start, end);
  const known = table[place];
  if (known !== undefined && known.length === length && isAt(known, bytes, start)) return known;
  const text = readText(bytes, start, end);
  table[place] = text;
  return text;
}

/** The first and the last bytes tell most names apart, as those of nodes and slices differ at the end. */
function placeOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = Math.max(start, end - 4); i < end; i++) hash = hash * 31 + (bytes[i] ?? 0);
  return (hash * 31 + (bytes[start] ?? 0)) % TABLE_SIZE;
}

/** Bytes above 127 are never equal to a character code here, as UTF-8 needs several of them for one. */
function isAt(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== bytes[start + i] || code > 127) return false;
  }
  return true;
}
