import { PassThrough, Readable } from 'node:stream';
import test from 'ava';
import { readStream } from '../../../src/kubernetes/messages/read-stream.ts';

test('chunks come in the turn in which they were read', async (t) => {
  const body = new PassThrough();
  const seen: string[] = [];
  const read = readStream(body, (chunk) => seen.push(chunk.toString()));
  // What was there before the reader comes in a later turn, what comes after it at once.
  await new Promise(setImmediate);
  body.write('a');
  t.deepEqual(seen, ['a']);
  body.end('b');
  await read;
  t.deepEqual(seen, ['a', 'b']);
});

test('an empty body ends', async (t) => {
  await t.notThrowsAsync(readStream(Readable.from([]), () => t.fail()));
});

test('what the taker throws ends the body, and nothing more is taken', async (t) => {
  const body = new PassThrough();
  const refusal = new Error('no');
  let taken = 0;
  const read = readStream(body, () => {
    taken++;
    throw refusal;
  });
  body.write('a');
  body.write('b');
  t.is(await t.throwsAsync(read), refusal);
  t.is(taken, 1);
  t.true(body.destroyed);
});

test('what the taker throws at the last chunk', async (t) => {
  const refusal = new Error('no');
  const read = readStream(Readable.from([Buffer.from('a')]), () => {
    throw refusal;
  });
  t.is(await t.throwsAsync(read), refusal);
});

test('a body that fails', async (t) => {
  const body = new PassThrough();
  const broken = new Error('broken');
  const read = readStream(body, () => {});
  body.destroy(broken);
  t.is(await t.throwsAsync(read), broken);
});

test('a body that is cut off', async (t) => {
  const body = new PassThrough();
  const read = readStream(body, () => {});
  body.destroy();
  await t.throwsAsync(read, { message: /premature/i });
});

test('a body that has failed before anybody reads it', async (t) => {
  const body = new PassThrough().on('error', () => {});
  body.destroy(new Error('early'));
  await new Promise(setImmediate);
  await t.throwsAsync(
    readStream(body, () => {}),
    { message: 'early' },
  );
});
