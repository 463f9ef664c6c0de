/** Which address means what in generated situations: the plan of the shared vectors, so that their network fits. */
import type { Family } from '../situation.ts';

export const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

/** Nodes by number; the node under test is the first. */
export const NODES = ['worker-a', 'worker-b', 'worker-c'] as const;

export interface AddressPlan {
  readonly anyRange: string;
  readonly loopback: string;
  readonly loopbackRange: string;
  readonly nodeRange: string;
  /** Addresses of the node under test: the primary and another. */
  readonly nodeAddresses: readonly [string, string];
  readonly otherNode: string;
  readonly clusterRange: string;
  readonly podRange: string;
  /** A range that holds nothing of the situation. */
  readonly emptyRange: string;
  readonly serviceRanges: readonly [string, string];
  readonly vipRange: string;
  /** External clients: the near half and all of them; a client in the near half, one beyond it. */
  readonly nearRange: string;
  readonly farRange: string;
  readonly nearClient: string;
  readonly farClient: string;
  /** A pod address on the node of this number (0 = the node under test). */
  pod(node: number, host: number): string;
  /** Cluster IPs; those of range 2 lie outside every ServiceCIDR. */
  clusterIP(range: 0 | 1 | 2, host: number): string;
  vip(host: number): string;
  externalIP(host: number): string;
}

export const PLAN: Readonly<Record<Family, AddressPlan>> = {
  IPv4: {
    anyRange: '0.0.0.0/0',
    loopback: '127.0.0.1',
    loopbackRange: '127.0.0.0/8',
    nodeRange: '192.0.2.0/24',
    nodeAddresses: ['192.0.2.11', '192.0.2.211'],
    otherNode: '192.0.2.12',
    clusterRange: '10.64.0.0/16',
    podRange: '10.64.1.0/24',
    emptyRange: '172.20.0.0/16',
    serviceRanges: ['10.112.0.0/16', '10.113.0.0/24'],
    vipRange: '198.51.100.0/24',
    nearRange: '203.0.113.0/25',
    farRange: '203.0.113.0/24',
    nearClient: '203.0.113.50',
    farClient: '203.0.113.200',
    pod: (node, host) => `10.64.${node + 1}.${host}`,
    clusterIP: (range, host) => `10.${[112, 113, 114][range]}.0.${host}`,
    vip: (host) => `198.51.100.${host}`,
    externalIP: (host) => `198.18.5.${host}`,
  },
  IPv6: {
    anyRange: '::/0',
    loopback: '::1',
    loopbackRange: '::1/128',
    nodeRange: '2001:db8:10::/64',
    nodeAddresses: ['2001:db8:10::11', '2001:db8:10::211'],
    otherNode: '2001:db8:10::12',
    clusterRange: 'fd00:64::/48',
    podRange: 'fd00:64:0:1::/64',
    emptyRange: '2001:db8:cccc::/48',
    serviceRanges: ['fd00:112::/108', 'fd00:113::/112'],
    vipRange: '2001:db8:1b::/64',
    nearRange: '2001:db8:ffff::/121',
    farRange: '2001:db8:ffff::/120',
    nearClient: '2001:db8:ffff::32',
    farClient: '2001:db8:ffff::c8',
    pod: (node, host) => `fd00:64:0:${node + 1}::${host.toString(16)}`,
    clusterIP: (range, host) => `fd00:${[112, 113, 114][range]}::${host.toString(16)}`,
    vip: (host) => `2001:db8:1b::${host.toString(16)}`,
    externalIP: (host) => `2001:db8:e1::${host.toString(16)}`,
  },
};

export function hostRange(address: string): string {
  return address.includes(':') ? `${address}/128` : `${address}/32`;
}
