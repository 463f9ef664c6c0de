import { existsSync } from 'node:fs';
import { FAMILIES, type Family } from '../net/address.ts';

/** There only if the kernel has IPv6 at all, whatever the network namespace (REQ-03). */
const IPV6_MARK = '/proc/net/if_inet6';

/** The families that this kernel forwards: without IPv6 the node is single stack (DUAL-01, DUAL-04). */
export function supportedFamilies(mark: string = IPV6_MARK): readonly Family[] {
  return existsSync(mark) ? FAMILIES : ['IPv4'];
}
