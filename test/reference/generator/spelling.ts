import type { Random } from './random.ts';

/** An address as an object of old may spell it: IPv4 with leading zeros (SVC-09), IPv6 in capitals and unshortened. */
export function randomSpelling(random: Random, address: string): string {
  if (random.chance(0.97)) return address;
  if (!address.includes(':')) return address.replace(/(\d+)$/, (host) => host.padStart(3, '0'));
  return address.replace('::', ':0::').toUpperCase();
}
