/** Bytes that are no frame of a watch stream. */

export type BrokenFrame = 'truncated' | 'oversized' | 'garbage';

const OVERSIZED_LINE_BYTES = 24 * 1024 * 1024;

/**
 * Truncated: the start of a frame, after which the connection is to be cut. Oversized: a frame that claims 2 GiB, or a line
 * of JSON without end. Garbage: a frame of the right length without meaning, or a line that is no JSON.
 */
export function brokenFrame(kind: BrokenFrame, isProtobuf: boolean): Buffer {
  if (!isProtobuf) return brokenLine(kind);
  if (kind === 'truncated') return Buffer.from('000000770a054144444544126e0a6c6b38', 'hex');
  if (kind === 'oversized') return Buffer.from('7fffffff0a054144444544', 'hex');
  return Buffer.from('00000010ffeeddccbbaa99887766554433221100', 'hex');
}

function brokenLine(kind: BrokenFrame): Buffer {
  if (kind === 'truncated') return Buffer.from('{"type":"MODIFIED","object":{"kind":"Serv');
  if (kind === 'garbage') return Buffer.from('{"type":"MODIFIED","object":]}\n');
  return Buffer.concat([
    Buffer.from('{"type":"ADDED","object":{"x":"'),
    Buffer.alloc(OVERSIZED_LINE_BYTES, 'x'),
  ]);
}
