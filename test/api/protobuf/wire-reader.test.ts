/** Bytes that are not what they should be: each is an error that says where. */
import test, { type ExecutionContext } from 'ava';
import protobuf from 'protobufjs/minimal.js';
import type { TypeMeta } from '../../../src/api/decode.ts';
import { describeFieldError } from '../../../src/api/field-errors.ts';
import { decodeMessage } from '../../../src/api/protobuf/decode-message.ts';

const SLICE: TypeMeta = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };

type Write = (writer: protobuf.Writer) => void;

function bytes(write: Write): Uint8Array {
  const writer = protobuf.Writer.create();
  write(writer);
  return writer.finish();
}

function field(number: number, content: Uint8Array | string): Write {
  return (writer) => writer.uint32((number << 3) | 2).bytes(Buffer.from(content));
}

function all(...writes: Write[]): Uint8Array {
  return bytes((writer) => {
    for (const write of writes) write(writer);
  });
}

const METADATA = field(1, all(field(1, 'web-1'), field(3, 'shop')));
const NAMED = { kind: 'EndpointSlice', namespace: 'shop', name: 'web-1' };

function fails(
  t: ExecutionContext,
  message: Uint8Array,
  expected: string,
  identity: object | 'nameless' = NAMED,
): void {
  const { decoded } = decodeMessage(SLICE, message);
  if (!('errors' in decoded)) {
    t.fail(JSON.stringify(decoded));
    return;
  }
  t.deepEqual(decoded.errors.map(describeFieldError), [expected]);
  t.deepEqual(decoded.identity ?? 'nameless', identity as never);
}

const ENDPOINT = field(2, all(field(1, '10.0.0.1')));

test(
  'text that is no UTF-8',
  fails,
  all(METADATA, ENDPOINT, field(2, all(field(1, Buffer.from([0xc3, 0x28]))))),
  'endpoints[1].addresses: The encoded data was not valid for encoding utf-8',
);
test(
  'a string that ends beyond its message',
  fails,
  all(METADATA, field(2, Buffer.from([0x0a, 0x20, 0x31]))),
  'endpoints[0].addresses: ends 31 bytes beyond its message',
);
test(
  'a message that ends beyond the bytes',
  fails,
  Buffer.concat([all(METADATA), Buffer.from([0x12, 0x7f])]),
  'endpoints: ends 127 bytes beyond its message',
);
test(
  'a length of 2 GiB',
  fails,
  Buffer.concat([all(METADATA), Buffer.from([0x12, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00])]),
  'endpoints: ends 2147483646 bytes beyond its message',
);
test(
  'a length that no number holds',
  fails,
  Buffer.concat([all(METADATA), Buffer.from([0x12, ...Array<number>(9).fill(0xff), 0x01])]),
  'endpoints: invalid length encoding',
);
test(
  'a number that is cut off',
  fails,
  all(METADATA, field(3, Buffer.from([0x18, 0x80]))),
  'ports[0].port: the bytes end inside of it',
);
test(
  'a number without end',
  fails,
  all(METADATA, field(3, Buffer.from([0x18, ...Array<number>(16).fill(0x80)]))),
  'ports[0].port: invalid varint encoding',
);
test(
  'a number where text must be',
  fails,
  all(METADATA, field(2, Buffer.from([0x08, 0x01]))),
  'endpoints[0].addresses: is a number instead of bytes',
);
test(
  'text where a number must be',
  fails,
  all(METADATA, field(3, all(field(3, '80')))),
  'ports[0].port: is bytes instead of a number',
);
test(
  'a group',
  fails,
  all(METADATA, field(2, Buffer.from([0x7b, 0x7c]))),
  'endpoints[0]: field 15 is a group',
);
test(
  'the end of a group',
  fails,
  all(METADATA, field(2, Buffer.from([0x7c]))),
  'endpoints[0]: field 15 is the end of a group',
);
test('wire type 6', fails, all(METADATA, field(2, Buffer.from([0x7e]))), 'endpoints[0]: field 15 is type 6');
test(
  'field 0',
  fails,
  all(METADATA, field(2, Buffer.from([0x02, 0x00]))),
  'endpoints[0]: field number 0 does not exist',
);
test(
  'a tag without end',
  fails,
  all(METADATA, field(2, Buffer.from(Array<number>(12).fill(0xff)))),
  'endpoints[0]: invalid tag encoding',
);
test(
  'broken before it has a name',
  fails,
  all(field(1, Buffer.from([0x0a, 0x20, 0x31])), METADATA),
  'metadata.name: ends 31 bytes beyond its message',
  'nameless',
);
test(
  'broken after its name, in the metadata',
  fails,
  all(field(1, all(field(1, 'web-1'), field(3, 'shop'), field(11, Buffer.from([0x0a, 0x05]))))),
  'metadata.labels[0].key: ends 5 bytes beyond its message',
);

test('unknown fields of all wire types are passed over', (t) => {
  const unknown = Buffer.from([
    0xa0, 0x06, 0x01, 0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0xa2, 0x06, 1, 9, 0xa5, 0x06, 1, 2, 3, 4,
  ]);
  const known = all(METADATA, ENDPOINT, field(4, 'IPv4'));
  const expected = decodeMessage(SLICE, known);
  t.true('object' in expected.decoded);
  t.deepEqual(decodeMessage(SLICE, Buffer.concat([unknown, known, unknown])), expected);
});

test('fields may come in any order', (t) => {
  const forwards = decodeMessage(SLICE, all(METADATA, ENDPOINT, field(4, 'IPv4')));
  t.deepEqual(decodeMessage(SLICE, all(field(4, 'IPv4'), ENDPOINT, METADATA)), forwards);
});

test(
  'what decode.ts refuses in JSON it refuses here',
  fails,
  all(METADATA, field(2, all(field(1, '127.0.0.1'))), field(4, 'IPv4')),
  'endpoints[0].addresses[0]: 127.0.0.1 cannot be an endpoint: it is loopback (127.0.0.0/8)',
);

test('a label that is called __proto__ is a label', (t) => {
  const entry = all(field(1, '__proto__'), field(2, 'x'));
  const metadata = field(1, all(field(1, 'web-1'), field(3, 'shop'), field(11, entry)));
  const { decoded } = decodeMessage(SLICE, all(metadata, field(4, 'IPv4')));
  t.true(
    'object' in decoded && 'labels' in decoded.object && Object.hasOwn(decoded.object.labels, '__proto__'),
  );
});

test('strings that look alike in the table of shared strings stay apart', (t) => {
  const name = (nodeName: string) => {
    const endpoint = field(2, all(field(1, '10.0.0.1'), field(6, nodeName)));
    const { decoded } = decodeMessage(SLICE, all(METADATA, endpoint, field(4, 'IPv4')));
    return (
      'object' in decoded && decoded.object.kind === 'EndpointSlice' && decoded.object.endpoints[0]?.nodeName
    );
  };
  for (const nodeName of [
    'node-a-1234',
    'node-b-1234',
    'nöde-b-1234',
    'node-a-1234',
    'nöde-b-1234',
    'x'.repeat(100),
    '',
  ]) {
    t.is(name(nodeName), nodeName);
  }
});
