import test from 'ava';
import { buildPacket } from '../../src/conformance/packets/build.ts';
import { crc32c, internetChecksum } from '../../src/conformance/packets/checksum.ts';
import { type Packet, TRANSPORTS } from '../../src/conformance/packets/packet.ts';
import { parsePacket } from '../../src/conformance/packets/parse.ts';
import { FAMILIES, type Family } from '../../src/net/address.ts';

const ADDRESSES = {
  IPv4: { source: '192.0.2.1', destination: '198.51.100.7' },
  IPv6: { source: '2001:db8::1', destination: 'fd00:96::7' },
} as const;

function packet(family: Family, fields: Partial<Packet> = {}): Packet {
  const isEcho = fields.transport === 'ICMP';
  const isAnswer = fields.kind === 'answer';
  return {
    kind: 'request',
    transport: 'TCP',
    ...ADDRESSES[family],
    sourcePort: isEcho && isAnswer ? 0 : 40_000,
    destinationPort: isEcho && !isAnswer ? 0 : 443,
    id: 0xfedcba98,
    ...fields,
  };
}

for (const family of FAMILIES) {
  for (const transport of TRANSPORTS) {
    for (const kind of ['request', 'answer'] as const) {
      test(`a ${transport} ${kind} is read as it was built [${family}]`, (t) => {
        const built = packet(family, { transport, kind });
        t.deepEqual(parsePacket(buildPacket(built)), { ...built, isIntact: true });
      });
    }

    test(`a wrong checksum is seen in ${transport} [${family}]`, (t) => {
      const bytes = buildPacket(packet(family, { transport }));
      const last = bytes.length - 1;
      // The last byte of the address: what a translation that forgets the checksum would change. SCTP does not cover it.
      const touched = transport === 'SCTP' ? last : family === 'IPv4' ? 19 : 39;
      bytes[touched] = (bytes[touched] ?? 0) ^ 1;
      const seen = parsePacket(bytes);
      t.true(seen !== undefined && 'isIntact' in seen && !seen.isIntact);
    });

    test(`an ICMP error tells of which ${transport} packet it is [${family}]`, (t) => {
      const about = buildPacket(packet(family, { transport }));
      const echo = buildPacket(packet(family, { transport: 'ICMP' }));
      const head = family === 'IPv4' ? 20 : 40;
      const bytes = new Uint8Array(head + 8 + about.length);
      bytes.set(echo.subarray(0, head));
      bytes.set(family === 'IPv4' ? [3, 3] : [1, 4], head);
      bytes.set(about, head + 8);
      const length = new DataView(bytes.buffer);
      if (family === 'IPv4') length.setUint16(2, bytes.length);
      else length.setUint16(4, bytes.length - head);
      t.deepEqual(parsePacket(bytes), {
        kind: 'error',
        id: 0xfedcba98,
        what: 'port unreachable',
        destination: ADDRESSES[family].destination,
      });
    });
  }
}

test('a TCP reset that answers a request', (t) => {
  const bytes = buildPacket(packet('IPv4', { kind: 'answer' }));
  new DataView(bytes.buffer).setUint32(24, 0); // sequence number
  bytes[33] = 0x14; // RST, ACK
  t.deepEqual(parsePacket(bytes), { kind: 'reset', id: 0xfedcba98, ...ADDRESSES.IPv4 });
});

test('what is not of ours, or cut short, is nothing', (t) => {
  t.is(parsePacket(new Uint8Array()), undefined);
  const bytes = buildPacket(packet('IPv4', { transport: 'UDP' }));
  for (let length = 0; length < bytes.length; length++) {
    t.is(parsePacket(bytes.slice(0, length)), undefined, String(length));
  }
  bytes[28] = 0; // the mark of our datagrams
  t.is(parsePacket(bytes), undefined);
  bytes[9] = 47; // GRE
  t.is(parsePacket(bytes), undefined);
});

test('checksums of known bytes', (t) => {
  // RFC 3720, B.4: 32 bytes of zeros, and of ones.
  t.is(crc32c(new Uint8Array(32)), 0x8a9136aa);
  t.is(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  // RFC 1071, section 3.
  t.is(internetChecksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7)), ~0xddf2 & 0xffff);
});
