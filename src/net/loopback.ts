import type { Cidr } from './address.ts';
import { contains } from './cidr.ts';

const IPV4: Cidr = { family: 'IPv4', address: '127.0.0.0', prefixLength: 8 };
const IPV6: Cidr = { family: 'IPv6', address: '::1', prefixLength: 128 };

/** Whether an address never leaves its host. */
export function isLoopback(address: string): boolean {
  return contains(IPV4, address) || contains(IPV6, address);
}
