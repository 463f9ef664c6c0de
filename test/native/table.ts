/** The table that the tests of the addon work on: the sets of the real one, without its rules. */

import type { ExecutionContext } from 'ava';
import {
  DELETE,
  loadAddon,
  type NftablesTable,
  PUT,
  rowHead,
  type SetLayout,
} from '../../src/native/addon.ts';
import { privateNamespace } from '../helpers/netns.ts';

export type Family = 'IPv4' | 'IPv6';

/** nft's names for the families. */
export const NFT_FAMILY = { IPv4: 'ip', IPv6: 'ip6' } as const;

/** Set numbers, in the order of {@link layouts}. */
export const FRONTENDS = 0;
export const SLOTS = 1;
export const CLUSTER_IPS = 2;
export const HAIRPIN = 3;
export const PORTS = 4;
export const RANGES = 5;

export function layouts(family: Family): SetLayout[] {
  const address = family === 'IPv4' ? 'ipv4' : 'ipv6';
  return [
    { name: 'frontends-1', key: [address, 'protocol', 'port'], data: [] },
    { name: 'slots', key: [address, 'protocol', 'port', 'index'], data: [address, 'port'] },
    { name: 'cluster-ips', key: [address], data: [] },
    { name: 'hairpin', key: [address, address], data: [] },
    { name: 'ports', key: ['port'], data: ['protocol'] },
    { name: 'ranges', key: ['index', address], data: [], interval: true },
  ];
}

export function ruleset(family: Family): string {
  const ip = NFT_FAMILY[family];
  const frontend = `${ip} daddr . meta l4proto . th dport`;
  return `table ${ip} nodeplane {
    set frontends-1 { typeof ${frontend}; }
    map slots { typeof ${frontend} . numgen random mod 65536 : ${ip} daddr . th dport; }
    set cluster-ips { typeof ${ip} daddr; }
    set hairpin { typeof ${ip} saddr . ${ip} daddr; }
    map ports { type inet_service : inet_proto; }
    set ranges { typeof meta priority . ${ip} saddr; flags interval; }
  }`;
}

export interface Fixture {
  readonly namespace: string;
  readonly table: NftablesTable;
}

/** An open table in a namespace of its own; the kernel has it, with all sets empty. */
export async function openTable(t: ExecutionContext, family: Family = 'IPv4'): Promise<Fixture> {
  const namespace = await privateNamespace(t);
  const table = openTableIn(t, namespace, family);
  await table.runScript(ruleset(family));
  return { namespace, table };
}

/** An open table that the kernel may not have. */
export function openTableIn(t: ExecutionContext, namespace: string, family: Family = 'IPv4'): NftablesTable {
  const { NftablesTable } = loadAddon();
  const table = new NftablesTable({ namespace, family, table: 'nodeplane', sets: layouts(family) });
  t.teardown(() => table.close());
  return table;
}

export const put = (set: number, ...fields: readonly number[]): number[] => [rowHead(PUT, set), ...fields];
export const del = (set: number, ...key: readonly number[]): number[] => [rowHead(DELETE, set), ...key];
export const rows = (...each: readonly (readonly number[])[]): Uint32Array => Uint32Array.from(each.flat());

export const TCP = 6;
export const UDP = 17;

/** Address n of 10.0.0.0/8. */
export const ip = (n: number): number => 0x0a000000 + n;

/** One slot of IPv4 service n; ten services share no key. */
export function slot(n: number, endpoint = ip(n)): number[] {
  return put(SLOTS, ip(Math.floor(n / 10)), TCP, 80, n % 10, endpoint, 8080);
}

/** Words of a row that {@link slot} makes. */
const SLOT_WORDS = 7;

/** Many slots, without an array for each. */
export function slots(count: number): Uint32Array {
  const all = new Uint32Array(count * SLOT_WORDS);
  for (let n = 0; n < count; n++) all.set(slot(n), n * SLOT_WORDS);
  return all;
}
