import { addressText, type Family } from '../../net/address.ts';
import { ECHO, SCTP_INIT, SCTP_INIT_ACK, transportChecksum, UDP_KINDS, viewOf } from './build.ts';
import { crc32c, internetChecksum } from './checksum.ts';
import { IP_HEADER_BYTES, type Packet, type Transport, transportOf } from './packet.ts';

/** A packet that was seen on its way. */
export type Seen =
  | (Packet & {
      /** Whether its checksums are right. */
      readonly isIntact: boolean;
    })
  /** A TCP reset that answers a connection request. */
  | { readonly kind: 'reset'; readonly id: number; readonly source: string; readonly destination: string }
  /** An ICMP error about a request of ours. */
  | { readonly kind: 'error'; readonly id: number; readonly what: string; readonly destination: string };

export const PORT_UNREACHABLE = 'port unreachable';

/** Reads an IP packet; undefined if it has nothing to do with packets that {@link buildPacket} made. */
export function parsePacket(bytes: Uint8Array): Seen | undefined {
  const ip = parseIP(bytes);
  return ip && READERS[ip.transport](ip);
}

interface IPPacket {
  readonly family: Family;
  readonly transport: Transport;
  readonly source: string;
  readonly destination: string;
  readonly isHeaderIntact: boolean;
  /** Transport header and what follows; cut short in an ICMP error. */
  readonly payload: Uint8Array;
}

function parseIP(bytes: Uint8Array): IPPacket | undefined {
  const family: Family = (bytes[0] ?? 0) >>> 4 === 6 ? 'IPv6' : 'IPv4';
  if (bytes.length < IP_HEADER_BYTES[family]) return undefined;
  return family === 'IPv4' ? parseIPv4(bytes) : parseIPv6(bytes);
}

function parseIPv4(bytes: Uint8Array): IPPacket | undefined {
  const view = viewOf(bytes);
  const head = (view.getUint8(0) & 0x0f) * 4;
  const transport = transportOf('IPv4', view.getUint8(9));
  if (transport === undefined || head < IP_HEADER_BYTES.IPv4 || bytes.length < head) return undefined;
  return {
    family: 'IPv4',
    transport,
    source: addressText([view.getUint32(12)]),
    destination: addressText([view.getUint32(16)]),
    isHeaderIntact: internetChecksum(bytes.subarray(0, head)) === 0,
    payload: bytes.subarray(head, Math.max(head, view.getUint16(2))),
  };
}

function parseIPv6(bytes: Uint8Array): IPPacket | undefined {
  const view = viewOf(bytes);
  const transport = transportOf('IPv6', view.getUint8(6));
  if (transport === undefined) return undefined;
  const address = (offset: number): string =>
    addressText([0, 4, 8, 12].map((word) => view.getUint32(offset + word)));
  return {
    family: 'IPv6',
    transport,
    source: address(8),
    destination: address(24),
    isHeaderIntact: true,
    payload: bytes.subarray(IP_HEADER_BYTES.IPv6, IP_HEADER_BYTES.IPv6 + view.getUint16(4)),
  };
}

const READERS: Record<Transport, (ip: IPPacket) => Seen | undefined> = {
  TCP: parseTCP,
  UDP: parseUDP,
  SCTP: parseSCTP,
  ICMP: (ip) => parseEcho(ip) ?? parseError(ip),
};

const FLAGS = 0x17;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

/** An ICMP error need not bring more of a segment than ports and sequence number. */
const LEAST_BYTES = 8;

function parseTCP(ip: IPPacket): Seen | undefined {
  const view = viewOf(ip.payload);
  if (view.byteLength < LEAST_BYTES) return undefined;
  const flags = view.byteLength > 13 ? view.getUint8(13) & FLAGS : SYN;
  if (flags === SYN) return packetOf(ip, 'request', view.getUint32(4));
  if (view.byteLength < 20) return undefined;
  const id = (view.getUint32(8) - 1) >>> 0;
  if (flags === (SYN | ACK)) return packetOf(ip, 'answer', id);
  const isRefusal = flags === (RST | ACK) && view.getUint32(4) === 0;
  return isRefusal ? { kind: 'reset', id, source: ip.source, destination: ip.destination } : undefined;
}

function parseUDP(ip: IPPacket): Seen | undefined {
  const view = viewOf(ip.payload);
  if (view.byteLength < 16) return undefined;
  const kind = (['request', 'answer'] as const).find((it) => UDP_KINDS[it] === view.getUint32(8));
  return kind && packetOf(ip, kind, view.getUint32(12));
}

function parseSCTP(ip: IPPacket): Seen | undefined {
  const view = viewOf(ip.payload);
  if (view.byteLength < 20) return undefined;
  const chunk = view.getUint8(12);
  if (chunk === SCTP_INIT) return packetOf(ip, 'request', view.getUint32(16));
  return chunk === SCTP_INIT_ACK ? packetOf(ip, 'answer', view.getUint32(4)) : undefined;
}

function packetOf(ip: IPPacket, kind: 'request' | 'answer', id: number): Seen {
  const view = viewOf(ip.payload);
  return {
    kind,
    transport: ip.transport,
    source: ip.source,
    sourcePort: view.getUint16(0),
    destination: ip.destination,
    destinationPort: view.getUint16(2),
    id,
    isIntact: ip.isHeaderIntact && isTransportIntact(ip),
  };
}

function isTransportIntact(ip: IPPacket): boolean {
  if (ip.transport === 'SCTP') return isSCTPIntact(ip.payload);
  if (ip.transport === 'ICMP' && ip.family === 'IPv4') return internetChecksum(ip.payload) === 0;
  return transportChecksum(ip, ip.payload) === 0;
}

function isSCTPIntact(payload: Uint8Array): boolean {
  const copy = Uint8Array.from(payload);
  const view = viewOf(copy);
  const claimed = view.getUint32(8, true);
  view.setUint32(8, 0);
  return crc32c(copy) === claimed;
}

function parseEcho(ip: IPPacket): Seen | undefined {
  const view = viewOf(ip.payload);
  if (view.byteLength < 12) return undefined;
  const kind = (['request', 'answer'] as const).find((it) => ECHO[ip.family][it] === view.getUint8(0));
  if (kind === undefined) return undefined;
  const identifier = view.getUint16(4);
  const ports =
    kind === 'request'
      ? { sourcePort: identifier, destinationPort: 0 }
      : { sourcePort: 0, destinationPort: identifier };
  return {
    kind,
    transport: 'ICMP',
    source: ip.source,
    destination: ip.destination,
    ...ports,
    id: view.getUint32(8),
    isIntact: ip.isHeaderIntact && isTransportIntact(ip),
  };
}

const ERRORS: Record<Family, Readonly<Record<string, string>>> = {
  IPv4: {
    '3/0': 'network unreachable',
    '3/1': 'host unreachable',
    '3/2': 'protocol unreachable',
    '3/3': PORT_UNREACHABLE,
    '3/13': 'administratively prohibited',
    '11/0': 'time exceeded',
  },
  IPv6: {
    '1/0': 'no route',
    '1/1': 'administratively prohibited',
    '1/3': 'address unreachable',
    '1/4': PORT_UNREACHABLE,
    '3/0': 'time exceeded',
    '4/1': 'unrecognized next header',
  },
};

/** An ICMP error repeats the packet that it is about behind its header of eight bytes. */
function parseError({ family, payload, destination }: IPPacket): Seen | undefined {
  const about = parseIP(payload.subarray(8));
  const request = about && READERS[about.transport](about);
  if (request?.kind !== 'request') return undefined;
  const type = `${payload[0]}/${payload[1]}`;
  return { kind: 'error', id: request.id, what: ERRORS[family][type] ?? `ICMP ${type}`, destination };
}
