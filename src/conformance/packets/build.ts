import { addressWords, type Family, familyOf } from '../../net/address.ts';
import { crc32c, internetChecksum, sum16 } from './checksum.ts';
import { IP_HEADER_BYTES, type Packet, protocolNumber, type Transport } from './packet.ts';

const HOP_LIMIT = 64;

/** The bytes of an IP packet, checksums included. */
export function buildPacket(packet: Packet): Uint8Array {
  const family = familyOf(packet.source);
  const payload = PAYLOADS[packet.transport](packet, family);
  const head = IP_HEADER_BYTES[family];
  const bytes = new Uint8Array(head + payload.length);
  bytes.set(payload, head);
  if (family === 'IPv4') writeIPv4Header(bytes, packet);
  else writeIPv6Header(bytes, packet);
  return bytes;
}

function writeIPv4Header(bytes: Uint8Array, { transport, source, destination }: Packet): void {
  const view = viewOf(bytes);
  view.setUint8(0, 0x45); // version, five words
  view.setUint16(2, bytes.length);
  view.setUint8(8, HOP_LIMIT);
  view.setUint8(9, protocolNumber('IPv4', transport));
  bytes.set(addressBytes(source), 12);
  bytes.set(addressBytes(destination), 16);
  view.setUint16(10, internetChecksum(bytes.subarray(0, IP_HEADER_BYTES.IPv4)));
}

function writeIPv6Header(bytes: Uint8Array, { transport, source, destination }: Packet): void {
  const view = viewOf(bytes);
  view.setUint8(0, 0x60); // version
  view.setUint16(4, bytes.length - IP_HEADER_BYTES.IPv6);
  view.setUint8(6, protocolNumber('IPv6', transport));
  view.setUint8(7, HOP_LIMIT);
  bytes.set(addressBytes(source), 8);
  bytes.set(addressBytes(destination), 24);
}

const PAYLOADS: Record<Transport, (packet: Packet, family: Family) => Uint8Array> = {
  TCP: tcpSegment,
  UDP: udpDatagram,
  SCTP: sctpPacket,
  ICMP: icmpEcho,
};

const SYN = 0x02;
const SYN_ACK = 0x12;

/** The sequence number of a SYN is the id, and a SYN-ACK acknowledges it. */
function tcpSegment(packet: Packet): Uint8Array {
  const view = withPorts(20, packet);
  const isRequest = packet.kind === 'request';
  view.setUint32(4, isRequest ? packet.id : 1);
  view.setUint32(8, isRequest ? 0 : packet.id + 1);
  view.setUint8(12, 5 << 4); // five words
  view.setUint8(13, isRequest ? SYN : SYN_ACK);
  view.setUint16(14, 0xffff); // window
  view.setUint16(16, transportChecksum(packet, bytesOf(view)));
  return bytesOf(view);
}

function udpDatagram(packet: Packet): Uint8Array {
  const view = withPorts(16, packet);
  view.setUint16(4, 16);
  view.setUint32(8, UDP_KINDS[packet.kind]);
  view.setUint32(12, packet.id);
  // 0 would mean that there is none.
  view.setUint16(6, transportChecksum(packet, bytesOf(view)) || 0xffff);
  return bytesOf(view);
}

/** The first four bytes of a datagram of ours. */
export const UDP_KINDS = { request: 0x6e703f0a, answer: 0x6e70210a } as const;

export const SCTP_INIT = 1;
export const SCTP_INIT_ACK = 2;

/** The tag that an INIT offers is the id, and an INIT-ACK carries it (RFC 9260, sections 3.3.2 and 3.3.3). */
function sctpPacket(packet: Packet): Uint8Array {
  const isRequest = packet.kind === 'request';
  const view = withPorts(isRequest ? 32 : 40, packet);
  view.setUint32(4, isRequest ? 0 : packet.id);
  view.setUint8(12, isRequest ? SCTP_INIT : SCTP_INIT_ACK);
  view.setUint16(14, view.byteLength - 12);
  view.setUint32(16, isRequest ? packet.id : 1);
  view.setUint32(20, 0xffff); // window
  view.setUint16(24, 1); // streams out
  view.setUint16(26, 1); // streams in
  view.setUint32(28, 1); // first sequence number
  if (!isRequest) {
    view.setUint16(32, 7); // state cookie
    view.setUint16(34, 8);
  }
  view.setUint32(8, crc32c(bytesOf(view)), true);
  return bytesOf(view);
}

/** Types of echo messages. */
export const ECHO = {
  IPv4: { request: 8, answer: 0 },
  IPv6: { request: 128, answer: 129 },
} as const;

function icmpEcho(packet: Packet, family: Family): Uint8Array {
  const view = new DataView(new ArrayBuffer(12));
  view.setUint8(0, ECHO[family][packet.kind]);
  view.setUint16(4, packet.kind === 'request' ? packet.sourcePort : packet.destinationPort);
  view.setUint32(8, packet.id);
  const bytes = bytesOf(view);
  view.setUint16(2, family === 'IPv4' ? internetChecksum(bytes) : transportChecksum(packet, bytes));
  return bytes;
}

function withPorts(length: number, { sourcePort, destinationPort }: Packet): DataView {
  const view = new DataView(new ArrayBuffer(length));
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  return view;
}

type Ends = Pick<Packet, 'transport' | 'source' | 'destination'>;

/** The checksum over the pseudo header and a segment; 0 if the one that the segment carries is right. */
export function transportChecksum({ transport, source, destination }: Ends, segment: Uint8Array): number {
  const number = protocolNumber(familyOf(source), transport);
  const addresses = sum16(addressBytes(source)) + sum16(addressBytes(destination));
  return internetChecksum(segment, addresses + number + segment.length);
}

function addressBytes(address: string): Uint8Array {
  const words = addressWords(address);
  if (words === undefined) throw new RangeError(`"${address}" is no IP address`);
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (const [index, word] of words.entries()) view.setUint32(index * 4, word);
  return bytesOf(view);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
