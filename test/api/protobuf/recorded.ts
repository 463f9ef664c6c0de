/** The bodies that a real API server sent (shared/data/README.md), in both encodings. */
import { readFileSync } from 'node:fs';

const DATA = new URL('../../../../shared/data/api/', import.meta.url);

export function recordedBytes(file: string): Buffer {
  return readFileSync(new URL(file, DATA));
}

/** The frames of a recorded watch stream in protobuf. */
export function recordedFrames(file: string): Buffer[] {
  const bytes = recordedBytes(file);
  const frames: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = start + 4 + bytes.readUInt32BE(start);
    frames.push(bytes.subarray(start + 4, end));
    start = end;
  }
  return frames;
}

/** The lines of a recorded watch stream in JSON. */
export function recordedLines(file: string): Buffer[] {
  return recordedBytes(file)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line));
}
