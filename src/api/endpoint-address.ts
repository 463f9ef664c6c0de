/** The addresses that an endpoint can have. */
import { type AddressWords, addressText, addressWords, type Family } from '../net/address.ts';
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
  const words = addressWords(text);
  if (words === undefined || (words.length === 1) !== (family === 'IPv4')) {
    errors.add(isNot(text, `an ${family} address`), 'addresses', 0);
    return text;
  }
  const range = words.length === 1 ? specialIPv4(words) : specialIPv6(words);
  if (range !== undefined) errors.add(`${text} cannot be an endpoint: it is ${range}`, 'addresses', 0);
  // Nearly every IPv4 address is canonical as it is; to look is cheaper than to write it again.
  return words.length === 1 && !LEADING_ZERO.test(text) ? text : addressText(words);
}

const LEADING_ZERO = /(?:^|\.)0\d/;

function specialIPv4(words: AddressWords): string | undefined {
  const word = words[0] ?? 0;
  const first = word >>> 24;
  if (word === 0) return 'unspecified';
  if (first === 127) return 'loopback (127.0.0.0/8)';
  if (word >>> 16 === 0xa9fe) return 'link-local (169.254.0.0/16)';
  if (first >>> 4 === 0xe) return 'multicast (224.0.0.0/4)';
  return undefined;
}

function specialIPv6(words: AddressWords): string | undefined {
  const [first = 0, second, third, last = 0] = words;
  if (first === 0 && second === 0 && third === 0 && last <= 1) {
    return last === 0 ? 'unspecified' : 'loopback (::1)';
  }
  if (first >>> 22 === 0xfe80 >>> 6) return 'link-local (fe80::/10)';
  if (first >>> 24 === 0xff) return 'multicast (ff00::/8)';
  return undefined;
}
