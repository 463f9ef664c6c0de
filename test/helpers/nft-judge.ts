import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { classOf, classSetName } from '../../src/backends/nftables/layout.ts';
import type { WantedTable } from '../../src/forwarding/forwarding-table.ts';
import { canonicalAddress, type Family, withPort } from '../../src/net/address.ts';

/** By its path: npm puts another program of that name first. */
export const NFT = '/usr/sbin/nft';

const run = promisify(execFile);

/** Runs the nft program in a namespace and gives what it prints. */
export async function nft(namespace: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('ip', ['netns', 'exec', namespace, NFT, ...args], { maxBuffer: 1 << 28 });
  return stdout;
}

/**
 * What nft says is in the table of a family: for each set its elements as text, `slots` without the numbers, so
 * that it can be compared with what is wanted. Our own reader has no part in it.
 */
export async function judgedElements(namespace: string, family: Family): Promise<Record<string, string[]>> {
  const listing: Listing = JSON.parse(
    await nft(namespace, '-j', 'list', 'table', tableFamily(family), 'nodeplane'),
  );
  const found: Record<string, string[]> = {};
  for (const entry of listing.nftables) {
    const set = entry.set ?? entry.map;
    if (set?.elem !== undefined && set.name !== 'pod-cidrs')
      found[set.name] = set.elem.map(elementText).toSorted();
  }
  return found;
}

/** The same, as it should be for a wanted table. */
export function expectedElements(wanted: WantedTable): Record<string, string[]> {
  const expected: Record<string, string[]> = {};
  const add = (set: string, ...elements: string[]): void => {
    expected[set] = [...(expected[set] ?? []), ...elements].toSorted();
  };
  for (const [, { address, protocol, port, action, endpoints }] of wanted.frontends()) {
    const key = `${address} ${protocol.toLowerCase()} ${port}`;
    add(action === 'reject' ? 'no-endpoints' : classSetName(classOf(endpoints.length)), key);
    if (endpoints.length > 0) add('slots', ...endpoints.map((endpoint) => `${key} -> ${endpoint}`));
  }
  for (const address of wanted.clusterIPs()) add('cluster-ips', address);
  for (const address of wanted.hairpins()) add('hairpin', `${address} ${address}`);
  return expected;
}

interface Listing {
  readonly nftables: readonly { readonly set?: ListedSet; readonly map?: ListedSet }[];
}

interface ListedSet {
  readonly name: string;
  readonly elem?: readonly unknown[];
}

function tableFamily(family: Family): string {
  return family === 'IPv4' ? 'ip' : 'ip6';
}

/** An element is a value, `{concat: [...]}`, or a pair of them in a map. */
function elementText(element: unknown): string {
  if (!Array.isArray(element)) return concatenation(element).join(' ');
  const key = concatenation(element[0]);
  const [address = '', port] = concatenation(element[1]);
  return `${key.slice(0, -1).join(' ')} -> ${withPort(address, Number(port))}`;
}

function concatenation(value: unknown): string[] {
  const isConcat =
    typeof value === 'object' && value !== null && 'concat' in value && Array.isArray(value.concat);
  const parts: unknown[] = isConcat ? (value.concat as unknown[]) : [value];
  return parts.map((part) => canonicalAddress(String(part)) ?? String(part));
}
