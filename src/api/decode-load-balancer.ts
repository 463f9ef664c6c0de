/** `status.loadBalancer` of a Service. Contract as in fields.ts. */
import { canonicalAddress } from '../net/address.ts';
import type { FieldErrors } from './field-errors.ts';
import { type Fields, objectListField, stringField } from './fields.ts';
import { sectionField } from './sections.ts';

/**
 * The addresses whose traffic comes to this node. Entries with a host name only, and those that are no address, create
 * nothing; nor does one of mode Proxy, whose traffic arrives at another address (VIP-04, VIP-05).
 */
export function decodeLoadBalancerIPs(status: Fields, errors: FieldErrors): readonly string[] {
  return sectionField(status, 'loadBalancer', errors, (balancer) =>
    objectListField(balancer, 'ingress', errors, decodeIngress).flatMap((address) => address ?? []),
  );
}

function decodeIngress(ingress: Fields, errors: FieldErrors): string | undefined {
  const address = canonicalAddress(stringField(ingress, 'ip', errors) ?? '');
  const mode = stringField(ingress, 'ipMode', errors) ?? 'VIP';
  return mode === 'VIP' ? address : undefined;
}
