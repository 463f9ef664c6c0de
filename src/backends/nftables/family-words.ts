import type { Family } from '../../net/address.ts';
import { TABLE } from './layout.ts';

/** The words of nft's language in which the families differ. */
export interface FamilyWords {
  readonly ip: 'ip' | 'ip6';
  readonly loopback: string;
  readonly portUnreachable: string;
}

export const WORDS: Record<Family, FamilyWords> = {
  IPv4: { ip: 'ip', loopback: '127.0.0.0/8', portUnreachable: 'icmp type port-unreachable' },
  IPv6: { ip: 'ip6', loopback: '::1', portUnreachable: 'icmpv6 type port-unreachable' },
};

/** How nft names the table. */
export function tableName(family: Family): string {
  return `${WORDS[family].ip} ${TABLE}`;
}

export interface Chain {
  readonly name: string;
  readonly comment: string;
  /** Type, hook and priority of a base chain; priorities as others rely on them (NFT-02). */
  readonly hook?: string;
  readonly rules: readonly string[];
}

export function chainText({ name, comment, hook, rules }: Chain): string {
  const lines = [
    `comment "${comment}"`,
    ...(hook === undefined ? [] : [`type ${hook}; policy accept;`]),
    ...rules,
  ];
  return `  chain ${name} {\n    ${lines.join('\n    ')}\n  }`;
}

/** The key of a frontend, of a packet as it is now. */
export function frontendOf({ ip }: FamilyWords): string {
  return `${ip} daddr . meta l4proto . th dport`;
}

export const NODE_PORT = 'meta l4proto . th dport';

/** nft wants to know that a packet has ports before it compares or translates one that is not in the packet itself. */
export const PROTOCOLS_KNOWN = 'meta l4proto { tcp, udp, sctp }';

/** Sent from an address of this node (ETP-03). */
export const FROM_NODE = 'fib saddr type local';

/** A rule that looks a frontend up and goes on with what it found in the scratch register. */
export function lookUp(key: string, map: string, verdict: string): string {
  return `meta priority set ${key} map @${map} ${verdict}`;
}

/** Before translation, for new connections only (LB-12): in chains that no other packet comes to. */
export function checkSources(words: FamilyWords): string {
  return lookUp(frontendOf(words), 'restricted', 'jump check-source');
}

export function hex(word: number): string {
  return `0x${word.toString(16)}`;
}
