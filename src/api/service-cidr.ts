/** ServiceCIDRs from their parts, whichever encoding those came in. Rules: CIP-05 and CIP-06 of the behaviour spec. */
import { parseCidr } from '../net/address.ts';
import type { FieldErrors } from './field-errors.ts';
import { isNot } from './values.ts';

/** The ranges as canonical text. */
export function serviceCidrsOf(texts: readonly string[], errors: FieldErrors): readonly string[] {
  return texts.map((text, index) => {
    const cidr = parseCidr(text);
    if (cidr !== undefined) return `${cidr.address}/${cidr.prefixLength}`;
    errors.add(isNot(text, 'a CIDR such as 10.96.0.0/12'), 'cidrs', index);
    return text;
  });
}
