/** networking.k8s.io/v1 ServiceCIDR, from an untyped value. What its fields must be, service-cidr.ts says. */
import type { FieldErrors } from './field-errors.ts';
import { type Fields, stringListField } from './fields.ts';
import { decodeMetadata } from './metadata.ts';
import type { ServiceCIDR } from './objects.ts';
import { sectionField } from './sections.ts';
import { serviceCidrsOf } from './service-cidr.ts';

/** Reads a ServiceCIDR; the ranges become canonical text. The result is good only if no error was added. */
export function decodeServiceCIDR(fields: Fields, errors: FieldErrors): ServiceCIDR {
  const { name } = sectionField(fields, 'metadata', errors, decodeMetadata);
  const cidrs = sectionField(fields, 'spec', errors, (spec) =>
    serviceCidrsOf(stringListField(spec, 'cidrs', errors), errors),
  );
  return { kind: 'ServiceCIDR', name, cidrs };
}
