/** core/v1 Node, from an untyped value. What its fields must be, node.ts says. */
import type { FieldErrors } from './field-errors.ts';
import { type Fields, objectListField, stringField, stringListField } from './fields.ts';
import { decodeMetadata } from './metadata.ts';
import { type NodeAddress, nodeAddressesOf, podCIDRsOf } from './node.ts';
import type { Node } from './objects.ts';
import { sectionField } from './sections.ts';

/** Reads a Node; addresses and CIDRs become canonical text. The result is good only if no error was added. */
export function decodeNode(fields: Fields, errors: FieldErrors): Node {
  const { name, labels } = sectionField(fields, 'metadata', errors, decodeMetadata);
  const podCIDRs = sectionField(fields, 'spec', errors, decodeSpec);
  const addresses = sectionField(fields, 'status', errors, decodeStatus);
  return { kind: 'Node', name, labels, podCIDRs, addresses };
}

function decodeSpec(fields: Fields, errors: FieldErrors): readonly string[] {
  const cidrs = stringListField(fields, 'podCIDRs', errors);
  return podCIDRsOf(cidrs, stringField(fields, 'podCIDR', errors), errors);
}

function decodeStatus(fields: Fields, errors: FieldErrors): readonly string[] {
  return nodeAddressesOf(objectListField(fields, 'addresses', errors, decodeAddress));
}

function decodeAddress(entry: Fields, errors: FieldErrors): NodeAddress {
  return { type: stringField(entry, 'type', errors), address: stringField(entry, 'address', errors) };
}
