/** Recorded bytes with bits flipped, cut and spliced: whatever comes, the answer is an object or an error with words. */
import test from 'ava';
import fc from 'fast-check';
import { statusOfBody } from '../../../src/kubernetes/messages/api-status.ts';
import { FrameSplitter } from '../../../src/kubernetes/messages/frame-splitter.ts';
import { decodeListPage } from '../../../src/kubernetes/messages/list-page.ts';
import { MessageError } from '../../../src/kubernetes/messages/message-error.ts';
import { protobufWatchEvent } from '../../../src/kubernetes/messages/watch-event.ts';
import { resourcesOf } from '../../../src/kubernetes/reflector/resource.ts';
import { recordedBytes, recordedFrames } from '../../api/protobuf/recorded.ts';

type Mutate = (bytes: Buffer) => Buffer;

// Not a double: those are dense near zero, and all changes would hit the first bytes.
const place = fc.nat(0xffff_fffe).map((number) => number / 0xffff_ffff);

const flip: fc.Arbitrary<Mutate> = fc.tuple(place, fc.nat(7)).map(([at, bit]) => (bytes) => {
  const index = Math.floor(at * bytes.length);
  bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
  return bytes;
});

const put: fc.Arbitrary<Mutate> = fc
  .tuple(place, fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x0b, 0x0c))
  .map(([at, byte]) => (bytes) => {
    bytes[Math.floor(at * bytes.length)] = byte;
    return bytes;
  });

const cut: fc.Arbitrary<Mutate> = place.map(
  (at) => (bytes) => bytes.subarray(0, Math.floor(at * bytes.length)),
);

/** A part of the bytes goes to another place, over what was there or between. */
const splice: fc.Arbitrary<Mutate> = fc
  .tuple(place, place, fc.nat(40), fc.boolean())
  .map(([from, to, length, isOver]) => (bytes) => {
    const start = Math.floor(from * bytes.length);
    const target = Math.floor(to * bytes.length);
    const part = Buffer.from(bytes.subarray(start, start + length));
    return Buffer.concat([
      bytes.subarray(0, target),
      part,
      bytes.subarray(isOver ? target + part.length : target),
    ]);
  });

const mutation = fc.oneof(flip, flip, put, cut, splice);

function mutated(bytes: Buffer, mutations: readonly Mutate[]): Buffer {
  return mutations.reduce<Buffer>((current, mutate) => mutate(current), Buffer.from(bytes));
}

const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
const frames = ['services.watch.pb', 'endpointslices.watch.pb', 'nodes.watchlist.pb'].flatMap(recordedFrames);

/** Runs what may only fail with a MessageError; its message. */
function messageOf(act: () => void): string {
  try {
    act();
    return '';
  } catch (error) {
    if (error instanceof MessageError) return error.message;
    throw error;
  }
}

test('60,000 watch events', (t) => {
  const outcomes = { good: 0, badObject: 0, badFrame: 0 };
  fc.assert(
    fc.property(fc.constantFrom(...frames), mutations, (frame, changes) => {
      const message = messageOf(() => {
        const event = protobufWatchEvent(mutated(frame, changes));
        if (!('decoded' in event) || 'object' in event.decoded) outcomes.good++;
        else outcomes.badObject++;
      });
      if (message === '') return;
      outcomes.badFrame++;
      if (!message.startsWith('watch event: ')) throw new Error(message);
    }),
    { numRuns: 60_000 },
  );
  t.true(
    Object.values(outcomes).every((count) => count > 2000),
    JSON.stringify(outcomes),
  );
});

const lists = resourcesOf('node-1').map((resource) => {
  const name = resource.path.split('/').at(-1);
  return { resource, bytes: recordedBytes(`${name}.list.pb`) };
});

test('20,000 lists', (t) => {
  const outcomes = { good: 0, badItems: 0, badList: 0 };
  fc.assert(
    fc.property(fc.constantFrom(...lists), mutations, ({ resource, bytes }, changes) => {
      const message = messageOf(() => {
        const { items } = decodeListPage(resource, 'protobuf', mutated(bytes, changes));
        if (items.every((item) => 'object' in item)) outcomes.good++;
        else outcomes.badItems++;
      });
      if (message === '') return;
      outcomes.badList++;
      if (!message.startsWith(`${resource.kind}List: `)) throw new Error(message);
    }),
    { numRuns: 20_000 },
  );
  t.true(
    Object.values(outcomes).every((count) => count > 500),
    JSON.stringify(outcomes),
  );
});

test('10,000 errors', (t) => {
  const bytes = recordedBytes('error-403.pb');
  let untouched = 0;
  fc.assert(
    fc.property(mutations, (changes) => {
      const status = statusOfBody(403, 'protobuf', mutated(bytes, changes));
      if (status.reason === 'Forbidden') untouched++;
      return status.code === 403;
    }),
    { numRuns: 10_000 },
  );
  t.true(untouched > 1000);
});

test('20,000 streams in chunks of any size', (t) => {
  const stream = recordedBytes('services.watch.pb');
  let broken = 0;
  fc.assert(
    fc.property(
      mutations,
      fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 8 }),
      (changes, sizes) => {
        const bytes = mutated(stream, changes);
        const message = messageOf(() => {
          const splitter = new FrameSplitter();
          let total = 0;
          for (let start = 0, i = 0; start < bytes.length; i++) {
            const end = start + (sizes[i % sizes.length] ?? 1);
            for (const frame of splitter.push(bytes.subarray(start, end))) total += frame.length + 4;
            start = end;
          }
          splitter.end();
          if (total !== bytes.length) throw new Error(`${total} of ${bytes.length} bytes came out`);
        });
        if (message !== '') broken++;
      },
    ),
    { numRuns: 20_000 },
  );
  t.true(broken > 2000);
});
