/** Addresses by means of node:net alone, so that the model shares nothing with src/net. */
import { BlockList, isIP, SocketAddress } from 'node:net';
import type { Family } from '../situation.ts';

const canonicalTexts = new Map<string, string | undefined>();
const ranges = new Map<string, BlockList>();

export function familyOf(text: string): Family {
  return text.includes(':') ? 'IPv6' : 'IPv4';
}

/** One spelling for each address; undefined for what is no address. SVC-09: leading zeros are decimal. */
export function canonical(text: string): string | undefined {
  if (!canonicalTexts.has(text)) canonicalTexts.set(text, spell(text));
  return canonicalTexts.get(text);
}

/** The canonical addresses of one family among texts. */
export function addressesOf(family: Family, texts: readonly string[]): string[] {
  return texts.flatMap((text) => canonical(text) ?? []).filter((address) => familyOf(address) === family);
}

export function withPort(address: string, port: number): string {
  return familyOf(address) === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

/** A CIDR with its address in one spelling; undefined for what is no CIDR. */
export function canonicalRange(text: string): string | undefined {
  const [, address = '', length = ''] = /^([^/]+)\/(\d+)$/.exec(text.trim()) ?? [];
  const network = canonical(address);
  if (network === undefined || Number(length) > bitsOf(network)) return undefined;
  return `${network}/${Number(length)}`;
}

/** The CIDRs of one family among texts. */
export function rangesOf(family: Family, texts: readonly string[]): string[] {
  return texts.flatMap((text) => canonicalRange(text) ?? []).filter((range) => familyOf(range) === family);
}

export function isEverything(range: string): boolean {
  return range.endsWith('/0');
}

export function isIn(range: string, address: string): boolean {
  if (familyOf(range) !== familyOf(address)) return false;
  return blockListOf(range).check(address, familyOf(address) === 'IPv6' ? 'ipv6' : 'ipv4');
}

export function isInAny(texts: readonly string[], address: string): boolean {
  return texts.some((range) => isIn(range, address));
}

function spell(text: string): string | undefined {
  const decimal = text.includes(':') ? text : text.split('.').map(withoutLeadingZeros).join('.');
  const version = isIP(decimal);
  if (version === 0) return undefined;
  return new SocketAddress({ address: decimal, family: version === 4 ? 'ipv4' : 'ipv6' }).address;
}

function withoutLeadingZeros(octet: string): string {
  return octet.replace(/^0+(?=\d)/, '');
}

function bitsOf(address: string): number {
  return familyOf(address) === 'IPv6' ? 128 : 32;
}

function blockListOf(range: string): BlockList {
  const known = ranges.get(range);
  if (known !== undefined) return known;
  const [network = '', length] = range.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(length), familyOf(network) === 'IPv6' ? 'ipv6' : 'ipv4');
  ranges.set(range, list);
  return list;
}
