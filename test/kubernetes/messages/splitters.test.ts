import test from 'ava';
import { FrameSplitter } from '../../../src/kubernetes/messages/frame-splitter.ts';
import { LineSplitter } from '../../../src/kubernetes/messages/line-splitter.ts';
import { LONGEST_MESSAGE, type Splitter } from '../../../src/kubernetes/messages/splitter.ts';

function frame(body: string): Buffer {
  const bytes = Buffer.alloc(4 + body.length);
  bytes.writeUInt32BE(body.length);
  bytes.write(body, 4);
  return bytes;
}

function split(splitter: Splitter, chunks: readonly Buffer[]): string[] {
  const messages = chunks.flatMap((chunk) => [...splitter.push(chunk)].map(String));
  splitter.end();
  return messages;
}

/** The bytes in chunks of one size. */
function chunked(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

const BODIES = ['a', '', 'bcd', '', '', 'x'.repeat(300), 'é ü'];

test('frames in chunks of any size', (t) => {
  const bodies = BODIES.map((body) => Buffer.from(body).toString('latin1'));
  const bytes = Buffer.concat(
    BODIES.map((body) => Buffer.from(body)).flatMap((body) => {
      const header = Buffer.alloc(4);
      header.writeUInt32BE(body.length);
      return [header, body];
    }),
  );
  for (let size = 1; size <= bytes.length; size++) {
    t.deepEqual(split(new FrameSplitter(), chunked(bytes, size)), BODIES, `${size} of ${bodies.length}`);
  }
});

test('a frame in one chunk is a part of it', (t) => {
  const chunk = Buffer.concat([frame('abc'), frame('def')]);
  const [first, second] = new FrameSplitter().push(chunk);
  t.is(first?.buffer, chunk.buffer);
  t.is(second?.buffer, chunk.buffer);
});

test('a frame that claims too much fails at once, and nothing is set aside for it', (t) => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(LONGEST_MESSAGE + 1);
  for (const size of [1, 4]) {
    const splitter = new FrameSplitter();
    t.throws(() => chunked(header, size).map((chunk) => [...splitter.push(chunk)]), {
      message: 'a frame claims 16777217 bytes, more than the limit of 16777216',
    });
  }
});

test('a stream that ends inside of a frame', (t) => {
  for (const length of [1, 3, 4, 5]) {
    const splitter = new FrameSplitter();
    t.deepEqual([...splitter.push(frame('abc').subarray(0, length))], []);
    t.throws(() => splitter.end(), { message: 'the stream ends inside of a frame' });
  }
});

test('lines in chunks of any size: no character is torn', (t) => {
  const bytes = Buffer.from(BODIES.map((line) => `${line}\n`).join(''));
  for (let size = 1; size <= bytes.length; size++) {
    t.deepEqual(
      split(new LineSplitter(), chunked(bytes, size)),
      BODIES.filter((line) => line !== ''),
    );
  }
});

test('a line without end', (t) => {
  const splitter = new LineSplitter();
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  t.throws(
    () => {
      for (let i = 0; i < 17; i++) [...splitter.push(chunk)];
    },
    { message: /^a line is longer than/ },
  );
  t.throws(() => split(new LineSplitter(), [Buffer.from('{')]), {
    message: 'the stream ends inside of a line',
  });
});
