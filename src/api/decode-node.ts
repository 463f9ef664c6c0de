/** core/v1 Node, from an untyped value. Rules: section 21 of the behaviour spec. */
import { canonicalAddress, parseCidr } from '../net/address.ts';
import type { FieldErrors } from './field-errors.ts';
import { type Fields, isNot, objectListField, stringField, stringListField } from './fields.ts';
import { decodeMetadata } from './metadata.ts';
import type { Node } from './objects.ts';
import { sectionField } from './sections.ts';

/** The address types in use, in the order of NODE-03. */
const ADDRESS_TYPES = ['InternalIP', 'ExternalIP'];

/** Reads a Node; addresses and CIDRs become canonical text. The result is good only if no error was added. */
export function decodeNode(fields: Fields, errors: FieldErrors): Node {
  const { name, labels } = sectionField(fields, 'metadata', errors, decodeMetadata);
  const podCIDRs = sectionField(fields, 'spec', errors, decodePodCIDRs);
  const addresses = sectionField(fields, 'status', errors, decodeAddresses);
  return { kind: 'Node', name, labels, podCIDRs, addresses };
}

/** `podCIDRs`, or the older `podCIDR` alone where only that is given; the API server fills in both. */
function decodePodCIDRs(fields: Fields, errors: FieldErrors): readonly string[] {
  const cidrs = stringListField(fields, 'podCIDRs', errors);
  const single = stringField(fields, 'podCIDR', errors) ?? '';
  if (cidrs.length === 0 && single !== '') return [canonicalCidr(single, errors, 'podCIDR')];
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

/**
 * Addresses by type, InternalIP first. An entry that is no IP address is left out instead of being an error:
 * Kubernetes does not check them, cloud providers write host names there, and upstream skips them too
 * [pkg/util/node/node.go]. Refusing the Node would cost it all its node ports.
 */
function decodeAddresses(fields: Fields, errors: FieldErrors): readonly string[] {
  const entries = objectListField(fields, 'addresses', errors, (entry) => ({
    type: stringField(entry, 'type', errors),
    address: canonicalAddress(stringField(entry, 'address', errors) ?? ''),
  }));
  return ADDRESS_TYPES.flatMap((type) =>
    entries.flatMap((entry) => (entry.type === type && entry.address !== undefined ? [entry.address] : [])),
  );
}
