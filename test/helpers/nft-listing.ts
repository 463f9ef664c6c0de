/** A table as `nft -j` lists it, its elements as text by key. Our own reader has no part in it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { canonicalAddress, type Family } from '../../src/net/address.ts';

/** By its path: npm puts another program of that name first. */
export const NFT = '/usr/sbin/nft';

const run = promisify(execFile);

/** Runs the nft program in a namespace and gives what it prints. */
export async function nft(namespace: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('ip', ['netns', 'exec', namespace, NFT, ...args], { maxBuffer: 1 << 28 });
  return stdout;
}

/** The fields of a key or of a value; words of the scratch register in decimal, addresses canonical. */
export type Fields = readonly string[];

export interface ListedElement {
  readonly key: Fields;
  /** Empty for elements of sets. */
  readonly value: Fields;
}

export class ListedTable {
  readonly #elements = new Map<string, ListedElement[]>();
  /** Expressions of rules as JSON, by chain. */
  readonly #rules = new Map<string, string[]>();

  constructor(listing: Listing) {
    for (const { set, map, rule } of listing.nftables) {
      const elements = set ?? map;
      if (elements !== undefined) this.#elements.set(elements.name, elementsOf(elements));
      if (rule === undefined) continue;
      this.#rules.set(rule.chain, [...(this.#rules.get(rule.chain) ?? []), JSON.stringify(rule.expr)]);
    }
  }

  elements(name: string): readonly ListedElement[] {
    return this.#elements.get(name) ?? [];
  }

  /** The values of a map by the text of their keys. */
  values(name: string): ReadonlyMap<string, Fields> {
    return new Map(this.elements(name).map(({ key, value }) => [key.join(' '), value]));
  }

  rules(chain: string): readonly string[] {
    return this.#rules.get(chain) ?? [];
  }
}

export async function listTable(namespace: string, family: Family): Promise<ListedTable> {
  const ip = family === 'IPv4' ? 'ip' : 'ip6';
  return new ListedTable(JSON.parse(await nft(namespace, '-j', 'list', 'table', ip, 'nodeplane')));
}

interface Listing {
  readonly nftables: readonly {
    readonly set?: ListedSet;
    readonly map?: ListedSet;
    readonly rule?: { readonly chain: string; readonly expr: unknown };
  }[];
}

interface ListedSet {
  readonly name: string;
  readonly type: string | readonly string[];
  /** Types of the values, as `ipv4_addr . inet_service`. */
  readonly map?: string;
  readonly elem?: readonly unknown[];
}

/** An element is a value, `{concat: [...]}`, or a pair of them in a map. */
function elementsOf({ type, map, elem = [] }: ListedSet): ListedElement[] {
  const keyTypes = typeof type === 'string' ? [type] : type;
  const valueTypes = map?.split(' . ');
  return elem.map((element) =>
    valueTypes !== undefined && Array.isArray(element)
      ? { key: fieldsOf(element[0], keyTypes), value: fieldsOf(element[1], valueTypes) }
      : { key: fieldsOf(element, keyTypes), value: [] },
  );
}

function fieldsOf(value: unknown, types: readonly string[]): Fields {
  const parts: readonly unknown[] = hasList(value, 'concat') ? value.concat : [value];
  return parts.map((part, index) => (types[index] === 'classid' ? wordText(String(part)) : fieldText(part)));
}

function hasList<Name extends string>(value: unknown, name: Name): value is Record<Name, unknown[]> {
  return value instanceof Object && name in value && Array.isArray(Reflect.get(value, name));
}

function fieldText(part: unknown): string {
  if (!(part instanceof Object)) return canonicalAddress(String(part)) ?? String(part);
  const prefix: unknown = Reflect.get(part, 'prefix');
  if (!(prefix instanceof Object)) return JSON.stringify(part);
  return `${fieldText(Reflect.get(prefix, 'addr'))}/${Reflect.get(prefix, 'len')}`;
}

/** nft writes a priority as the handle of a traffic class: two hexadecimal halves, or a name. */
function wordText(handle: string): string {
  if (handle === 'none') return '0';
  if (handle === 'root') return String(0xffff_ffff);
  const [major = '', minor = ''] = handle.split(':');
  return String(Number.parseInt(major || '0', 16) * 0x1_0000 + Number.parseInt(minor || '0', 16));
}
