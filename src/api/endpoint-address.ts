/** The addresses that an endpoint can have. */
import { canonicalAddress, type Family, familyOf } from '../net/address.ts';
import type { FieldErrors } from './field-errors.ts';
import { isNot } from './values.ts';

/**
 * Canonical text of an endpoint's address. An error is added, and the text returned as it is, when it is no address
 * of the family, or one that the API server refuses for endpoints: they are no pod's, and a table that sends packets
 * there would open the node's own loopback or metadata service to its clients.
 *
 * Source: `ValidateEndpointIP` in pkg/apis/core/validation/validation.go; all of multicast is refused here, not only
 * the link-local part.
 */
export function endpointAddress(text: string, family: Family, errors: FieldErrors): string {
  const address = canonicalAddress(text);
  if (address === undefined || familyOf(address) !== family) {
    errors.add(isNot(text, `an ${family} address`), 'addresses', 0);
    return text;
  }
  const range = family === 'IPv4' ? specialIPv4(address) : specialIPv6(address);
  if (range !== undefined) errors.add(`${text} cannot be an endpoint: it is ${range}`, 'addresses', 0);
  return address;
}

function specialIPv4(address: string): string | undefined {
  const firstOctet = Number.parseInt(address, 10);
  if (address === '0.0.0.0') return 'unspecified';
  if (firstOctet === 127) return 'loopback (127.0.0.0/8)';
  if (firstOctet === 169 && address.startsWith('169.254.')) return 'link-local (169.254.0.0/16)';
  if (firstOctet >>> 4 === 0xe) return 'multicast (224.0.0.0/4)';
  return undefined;
}

function specialIPv6(address: string): string | undefined {
  if (address === '::') return 'unspecified';
  if (address === '::1') return 'loopback (::1)';
  const firstGroup = Number.parseInt(address, 16); // NaN, which is 0 below, if it starts with "::"
  if (firstGroup >>> 6 === 0xfe80 >>> 6) return 'link-local (fe80::/10)';
  if (firstGroup >>> 8 === 0xff) return 'multicast (ff00::/8)';
  return undefined;
}
