/** Packets of unusual shapes, made of plain ones. */
import { buildPacket, transportChecksum, viewOf } from '../../../src/conformance/packets/build.ts';
import { internetChecksum } from '../../../src/conformance/packets/checksum.ts';
import { IP_HEADER_BYTES } from '../../../src/conformance/packets/packet.ts';
import { type Family, familyOf } from '../../../src/net/address.ts';

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;

function isIPv6(packet: Uint8Array): boolean {
  return (packet[0] ?? 0) >> 4 === 6;
}

function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** With options in its IPv4 header; with hop-by-hop and destination options before what its IPv6 header carries. */
export function withExtensions(packet: Uint8Array): Uint8Array {
  return isIPv6(packet) ? withIPv6Options(packet) : withIPv4Options(packet);
}

const NO_OPERATION = 1;

function withIPv4Options(packet: Uint8Array): Uint8Array {
  const options = new Array<number>(8).fill(NO_OPERATION);
  const result = joined(packet.subarray(0, IPV4_HEADER), options, packet.subarray(IPV4_HEADER));
  result[0] = 0x47; // seven words
  return withIPv4Length(result, IPV4_HEADER + options.length);
}

function withIPv4Length(packet: Uint8Array, head: number): Uint8Array {
  const view = viewOf(packet);
  view.setUint16(2, packet.length);
  view.setUint16(10, 0);
  view.setUint16(10, internetChecksum(packet.subarray(0, head)));
  return packet;
}

const HOP_BY_HOP = 0;
const DESTINATION_OPTIONS = 60;

function withIPv6Options(packet: Uint8Array): Uint8Array {
  const transport = packet[6] ?? 0;
  // Eight and sixteen bytes, filled by PadN.
  const hopByHop = [DESTINATION_OPTIONS, 0, 1, 4, 0, 0, 0, 0];
  const destination = [transport, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const result = joined(packet.subarray(0, IPV6_HEADER), hopByHop, destination, packet.subarray(IPV6_HEADER));
  result[6] = HOP_BY_HOP;
  viewOf(result).setUint16(4, result.length - IPV6_HEADER);
  return result;
}

/** Bytes behind the IP header in the first fragment: those of later ones are counted in units of 8. */
const FIRST_BYTES = 8;

/** The packet in two fragments. */
export function fragments(packet: Uint8Array, id: number): [Uint8Array, Uint8Array] {
  return isIPv6(packet) ? fragmentsIPv6(packet, id) : fragmentsIPv4(packet, id);
}

const MORE = 0x2000;

function fragmentsIPv4(packet: Uint8Array, id: number): [Uint8Array, Uint8Array] {
  const fragment = (from: number, to: number, flags: number): Uint8Array => {
    const result = joined(
      packet.subarray(0, IPV4_HEADER),
      packet.subarray(IPV4_HEADER + from, IPV4_HEADER + to),
    );
    viewOf(result).setUint16(4, id);
    viewOf(result).setUint16(6, flags | (from / 8));
    return withIPv4Length(result, IPV4_HEADER);
  };
  return [fragment(0, FIRST_BYTES, MORE), fragment(FIRST_BYTES, packet.length, 0)];
}

const FRAGMENT = 44;

function fragmentsIPv6(packet: Uint8Array, id: number): [Uint8Array, Uint8Array] {
  const transport = packet[6] ?? 0;
  const fragment = (from: number, to: number, more: number): Uint8Array => {
    const header = [transport, 0, from >> 8, (from & 0xf8) | more, 0, 0, id >> 8, id & 255];
    const body = packet.subarray(IPV6_HEADER + from, IPV6_HEADER + to);
    const result = joined(packet.subarray(0, IPV6_HEADER), header, body);
    result[6] = FRAGMENT;
    viewOf(result).setUint16(4, result.length - IPV6_HEADER);
    return result;
  };
  return [fragment(0, FIRST_BYTES, 1), fragment(FIRST_BYTES, packet.length, 0)];
}

const TCP_FLAGS = 13;
const RST = 0x04;

/** A TCP reset in place of a SYN; its checksum is not corrected, which programs leave to others. */
export function reset(packet: Uint8Array): Uint8Array {
  const result = Uint8Array.from(packet);
  result[(isIPv6(packet) ? IPV6_HEADER : IPV4_HEADER) + TCP_FLAGS] = RST;
  return result;
}

const HOP_LIMIT = 64;

/** An ICMP error of the type and code of the family, about a packet that is quoted. */
export function icmpError(source: string, destination: string, quoted: Uint8Array): Uint8Array {
  const family = familyOf(source);
  const message = joined(ERROR_TYPE[family], [0, 0, 0, 0, 0, 0], quoted);
  const echo = { kind: 'request', transport: 'ICMP', source, destination } as const;
  const sum = family === 'IPv4' ? internetChecksum(message) : transportChecksum(echo, message);
  viewOf(message).setUint16(2, sum);
  // The header of any packet between the two, with another length.
  const head = buildPacket({ ...echo, sourcePort: 0, destinationPort: 0, id: 0 }).subarray(
    0,
    IP_HEADER_BYTES[family],
  );
  const packet = joined(head, message);
  if (family === 'IPv4') return withIPv4Length(packet, IPV4_HEADER);
  viewOf(packet).setUint16(4, message.length);
  packet[7] = HOP_LIMIT;
  return packet;
}

/** Fragmentation needed; packet too big. */
const ERROR_TYPE: Record<Family, readonly [type: number, code: number]> = { IPv4: [3, 4], IPv6: [2, 0] };

/** What an ICMP error quotes. */
export function quotedIn(error: Uint8Array): Uint8Array {
  return error.subarray((isIPv6(error) ? IPV6_HEADER : IPV4_HEADER) + 8);
}
