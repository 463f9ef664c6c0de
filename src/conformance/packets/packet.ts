import type { Family } from '../../net/address.ts';

/** What a flow may be of: the transports that have frontends, and echo requests. */
export type Transport = 'TCP' | 'UDP' | 'SCTP' | 'ICMP';

export const TRANSPORTS: readonly Transport[] = ['TCP', 'UDP', 'SCTP', 'ICMP'];

const PROTOCOL_NUMBERS: Record<Family, Record<Transport, number>> = {
  IPv4: { TCP: 6, UDP: 17, SCTP: 132, ICMP: 1 },
  IPv6: { TCP: 6, UDP: 17, SCTP: 132, ICMP: 58 },
};

/** The number in the IP header; ICMP means ICMPv6 for IPv6. */
export function protocolNumber(family: Family, transport: Transport): number {
  return PROTOCOL_NUMBERS[family][transport];
}

export function transportOf(family: Family, number: number): Transport | undefined {
  return TRANSPORTS.find((transport) => PROTOCOL_NUMBERS[family][transport] === number);
}

/** The bytes of the IP header that we write and of the smallest one that we read. */
export const IP_HEADER_BYTES: Record<Family, number> = { IPv4: 20, IPv6: 40 };

/**
 * The first packet of a connection or its answer: SYN and SYN-ACK, INIT and INIT-ACK, echo request and reply, two
 * datagrams. `id` is part of it where no translation reaches, and the same in both.
 */
export interface Packet {
  readonly kind: 'request' | 'answer';
  readonly transport: Transport;
  /** Canonical. */
  readonly source: string;
  /** Of an echo request and reply: the identifier. */
  readonly sourcePort: number;
  readonly destination: string;
  /** 0 for an echo request; the identifier is the destination port of a reply. */
  readonly destinationPort: number;
  /** 32 bits. */
  readonly id: number;
}
