/** networking.k8s.io/v1 ServiceCIDR, from an untyped value. Rules: CIP-05 and CIP-06 of the behaviour spec. */
import { parseCidr } from '../net/address.ts';
import type { FieldErrors } from './field-errors.ts';
import { type Fields, isNot, stringListField } from './fields.ts';
import { decodeMetadata } from './metadata.ts';
import type { ServiceCIDR } from './objects.ts';
import { sectionField } from './sections.ts';

/** Reads a ServiceCIDR; the ranges become canonical text. The result is good only if no error was added. */
export function decodeServiceCIDR(fields: Fields, errors: FieldErrors): ServiceCIDR {
  const { name } = sectionField(fields, 'metadata', errors, decodeMetadata);
  return { kind: 'ServiceCIDR', name, cidrs: sectionField(fields, 'spec', errors, decodeCidrs) };
}

function decodeCidrs(fields: Fields, errors: FieldErrors): readonly string[] {
  return stringListField(fields, 'cidrs', errors).map((text, index) => {
    const cidr = parseCidr(text);
    if (cidr !== undefined) return `${cidr.address}/${cidr.prefixLength}`;
    errors.add(isNot(text, 'a CIDR such as 10.96.0.0/12'), 'cidrs', index);
    return text;
  });
}
