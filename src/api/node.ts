/** Nodes from their parts, whichever encoding those came in. Rules: section 21 of the behaviour spec. */
import { canonicalAddress, parseCidr } from '../net/address.ts';
import type { FieldErrors } from './field-errors.ts';
import { isNot } from './values.ts';

/** The address types in use, in the order of NODE-03. */
const ADDRESS_TYPES = ['InternalIP', 'ExternalIP'];

/** `podCIDRs`, or the older `podCIDR` alone where only that is given; the API server fills in both. */
export function podCIDRsOf(
  cidrs: readonly string[],
  single: string | undefined,
  errors: FieldErrors,
): readonly string[] {
  if (cidrs.length === 0 && single !== undefined && single !== '')
    return [canonicalCidr(single, errors, 'podCIDR')];
  return cidrs.map((cidr, index) => canonicalCidr(cidr, errors, 'podCIDRs', index));
}

function canonicalCidr(text: string, errors: FieldErrors, ...path: (string | number)[]): string {
  const cidr = parseCidr(text);
  if (cidr === undefined) {
    errors.add(isNot(text, 'a CIDR such as 10.244.1.0/24'), ...path);
    return text;
  }
  return `${cidr.address}/${cidr.prefixLength}`;
}

export interface NodeAddress {
  readonly type: string | undefined;
  readonly address: string | undefined;
}

/**
 * Addresses by type, InternalIP first. An entry that is no IP address is left out instead of being an error:
 * Kubernetes does not check them, cloud providers write host names there, and upstream skips them too
 * [pkg/util/node/node.go]. Refusing the Node would cost it all its node ports.
 */
export function nodeAddressesOf(entries: readonly NodeAddress[]): readonly string[] {
  return ADDRESS_TYPES.flatMap((type) =>
    entries
      .filter((entry) => entry.type === type)
      .flatMap(({ address = '' }) => canonicalAddress(address) ?? []),
  );
}
