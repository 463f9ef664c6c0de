import { type AddressWords, addressText, addressWords, type Cidr, parseCidr } from './address.ts';

/** Whether an address, canonical and of the same family, lies in a range. */
export function contains(cidr: Cidr, address: string): boolean {
  const network = addressWords(cidr.address) ?? [];
  const words = addressWords(address) ?? [];
  if (network.length !== words.length) return false;
  return words.every((word, index) => {
    const bits = Math.min(Math.max(cidr.prefixLength - index * 32, 0), 32);
    if (bits === 0) return true;
    return (word ^ (network[index] ?? 0)) >>> (32 - bits) === 0;
  });
}

/** The words of the last address of a range. */
export function lastAddress({ address, prefixLength }: Cidr): AddressWords {
  const words = addressWords(address) ?? [];
  return words.map((word, index) => {
    const bits = Math.min(Math.max(prefixLength - index * 32, 0), 32);
    return bits === 32 ? word : (word | (0xffff_ffff >>> bits)) >>> 0;
  });
}

/** The range with this first and last address, or undefined if it is none. */
export function cidrOfRange(first: AddressWords, last: AddressWords): Cidr | undefined {
  const family = first.length === 1 ? 'IPv4' : 'IPv6';
  let prefixLength = 0;
  for (const [index, word] of first.entries()) {
    const common = Math.clz32(word ^ (last[index] ?? 0));
    prefixLength += common;
    if (common < 32) break;
  }
  const cidr = parseCidr(`${addressText(first)}/${prefixLength}`);
  const isWhole =
    cidr?.address === addressText(first) && lastAddress(cidr).every((word, index) => word === last[index]);
  return isWhole ? { ...cidr, family } : undefined;
}

/** The range of one address alone. */
export function hostCidr(address: string): Cidr {
  return address.includes(':')
    ? { family: 'IPv6', address, prefixLength: 128 }
    : { family: 'IPv4', address, prefixLength: 32 };
}

/** Ranges of one family that cover the same addresses, none inside another and none twice (LB-10). */
export function withoutNested(cidrs: readonly Cidr[]): readonly Cidr[] {
  if (cidrs.length < 2) return cidrs;
  const kept: Cidr[] = [];
  for (const cidr of cidrs.toSorted((a, b) => a.prefixLength - b.prefixLength)) {
    if (!kept.some((wider) => contains(wider, cidr.address))) kept.push(cidr);
  }
  return kept;
}

/** `10.0.0.0/8` */
export function cidrText({ address, prefixLength }: Cidr): string {
  return `${address}/${prefixLength}`;
}
