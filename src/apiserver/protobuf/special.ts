/** Types that are a message in protobuf and a plain value in JSON: times and IntOrString (wire.md 3). */
import type protobuf from 'protobufjs/minimal.js';

const STRING = 1;

/** The fields of a Time or MicroTime. The zero time is an empty message; Time drops what is below a second. */
export function writeTime(writer: protobuf.Writer, value: unknown, hasFraction: boolean): void {
  if (typeof value !== 'string') return;
  writer.uint32(8).int64(Math.floor(Date.parse(value) / 1000));
  writer.uint32(16).int32(hasFraction ? nanoseconds(value) : 0);
}

// Date has milliseconds only, MicroTime has six digits: the rest is read from the text.
function nanoseconds(text: string): number {
  const digits = /\.(\d{1,9})/.exec(text)?.[1] ?? '';
  return Number(digits.padEnd(9, '0'));
}

/** RFC 3339 text of seconds and nanoseconds. */
export function timeText(seconds: number, nanos: number, hasFraction: boolean): string {
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return hasFraction ? `${text}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z` : `${text}Z`;
}

/** All three fields are always written, as Go does. */
export function writeIntOrString(writer: protobuf.Writer, value: unknown): void {
  const isText = typeof value === 'string';
  writer.uint32(8).int64(isText ? STRING : 0);
  writer.uint32(16).int32(isText ? 0 : Number(value ?? 0));
  writer.uint32(26).string(isText ? value : '');
}
