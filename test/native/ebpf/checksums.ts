/** By how much the checksums of packets are off, whatever their shape. */
import { viewOf } from '../../../src/conformance/packets/build.ts';
import { crc32c, internetChecksum, sum16 } from '../../../src/conformance/packets/checksum.ts';

export interface Residue {
  /** Of the IPv4 header; 0 is right. */
  readonly header: number;
  /** Of what the IP packet carries; 0 is right, undefined is that there is none to judge. */
  readonly transport: number | undefined;
}

interface Carried {
  readonly protocol: number;
  readonly isFragment: boolean;
  readonly addresses: Uint8Array;
  readonly bytes: Uint8Array;
  readonly header: number;
}

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMPV6 = 58;
const SCTP = 132;

/** Undefined if there is no telling: a header is cut off. */
export function residueOf(packet: Uint8Array): Residue | undefined {
  const carried = (packet[0] ?? 0) >> 4 === 6 ? carriedByIPv6(packet) : carriedByIPv4(packet);
  if (carried === undefined) return undefined;
  return { header: carried.header, transport: carried.isFragment ? undefined : transportResidue(carried) };
}

function carriedByIPv4(packet: Uint8Array): Carried | undefined {
  const head = ((packet[0] ?? 0) & 15) * 4;
  if (packet.length < head || head < 20) return undefined;
  const view = viewOf(packet);
  return {
    protocol: view.getUint8(9),
    isFragment: (view.getUint16(6) & 0x3fff) !== 0,
    addresses: packet.subarray(12, 20),
    bytes: packet.subarray(head, Math.max(head, view.getUint16(2))),
    header: internetChecksum(packet.subarray(0, head)),
  };
}

const EXTENSIONS = [0, 43, 60];
const FRAGMENT = 44;

function carriedByIPv6(packet: Uint8Array): Carried | undefined {
  if (packet.length < 40) return undefined;
  let protocol = packet[6] ?? 0;
  let at = 40;
  let isFragment = false;
  while (EXTENSIONS.includes(protocol) || protocol === FRAGMENT) {
    if (packet.length < at + 8) return undefined;
    if (protocol === FRAGMENT) isFragment ||= viewOf(packet).getUint16(at + 2) !== 0;
    const length = protocol === FRAGMENT ? 8 : ((packet[at + 1] ?? 0) + 1) * 8;
    protocol = packet[at] ?? 0;
    at += length;
  }
  const end = 40 + viewOf(packet).getUint16(4);
  const bytes = packet.subarray(at, Math.max(at, end));
  return { protocol, isFragment, addresses: packet.subarray(8, 40), bytes, header: 0 };
}

function transportResidue({ protocol, addresses, bytes }: Carried): number | undefined {
  const pseudo = sum16(addresses) + protocol + bytes.length;
  switch (protocol) {
    case TCP:
      return bytes.length < 20 ? undefined : internetChecksum(bytes, pseudo);
    case UDP:
      return bytes.length < 8 || isUnchecked(bytes) ? undefined : internetChecksum(bytes, pseudo);
    case ICMPV6:
      return bytes.length < 4 ? undefined : internetChecksum(bytes, pseudo);
    case ICMP:
      return bytes.length < 4 ? undefined : internetChecksum(bytes);
    case SCTP:
      return bytes.length < 12 ? undefined : sctpResidue(bytes);
    default:
      return undefined;
  }
}

function isUnchecked(datagram: Uint8Array): boolean {
  return viewOf(datagram).getUint16(6) === 0;
}

/** A CRC is linear: the difference of the claimed and the true one is left as it is by a right change. */
function sctpResidue(bytes: Uint8Array): number | undefined {
  const copy = Uint8Array.from(bytes);
  const view = viewOf(copy);
  const claimed = view.getUint32(8, true);
  if (claimed === 0) return undefined;
  view.setUint32(8, 0);
  return (crc32c(copy) ^ claimed) >>> 0;
}
