import { type Cidr, type Family, familyOf } from '../net/address.ts';
import { cidrText, contains } from '../net/cidr.ts';
import { isLoopback } from '../net/loopback.ts';

/** Where node ports of one family are served (section 6 of the behaviour, as in upstream's nftables mode). */
export interface NodePortAddresses {
  /** `any` is every local address but loopback, wherever it is configured (NPA-05). */
  readonly accepted: 'any' | readonly string[];
  /** Why no address is, in words for the log; undefined if any is. */
  readonly warning: string | undefined;
}

/**
 * The addresses on which node ports are accepted.
 *
 * @param config what is configured: the primary address (NPA-02) or CIDRs (NPA-03)
 * @param primaryAddress see {@link primaryAddressOf}
 * @param hostAddresses all addresses of the host's interfaces, canonical, of any family
 */
export function nodePortAddressesOf(
  config: 'primary' | readonly Cidr[],
  family: Family,
  primaryAddress: string | undefined,
  hostAddresses: readonly string[],
): NodePortAddresses {
  // Loopback never serves node ports, even if it is listed (NPA-06).
  const candidates = hostAddresses.filter((it) => familyOf(it) === family && !isLoopback(it));
  return config === 'primary'
    ? acceptPrimary(family, primaryAddress, candidates)
    : acceptListed(
        config.filter((cidr) => cidr.family === family),
        candidates,
      );
}

/**
 * The primary address of a family: the first of the node's addresses (NODE-03), unless the configured bind address
 * is of that family (NPA-08).
 *
 * @param nodeAddresses addresses of the Node object, InternalIPs before ExternalIPs
 * @param bindAddress canonical; undefined if unset or unspecified (0.0.0.0, ::)
 */
export function primaryAddressOf(
  family: Family,
  nodeAddresses: readonly string[],
  bindAddress: string | undefined,
): string | undefined {
  if (bindAddress !== undefined && familyOf(bindAddress) === family) return bindAddress;
  return nodeAddresses.find((address) => familyOf(address) === family);
}

/** Without a usable primary address upstream serves everywhere; we serve nowhere and say so (NPA-07). */
function acceptPrimary(
  family: Family,
  primary: string | undefined,
  candidates: readonly string[],
): NodePortAddresses {
  if (primary !== undefined && candidates.includes(primary))
    return { accepted: [primary], warning: undefined };
  return { accepted: [], warning: `No node ports are served on ${family}: ${faultOf(family, primary)}` };
}

function faultOf(family: Family, primary: string | undefined): string {
  if (primary === undefined) return `the node has no ${family} address`;
  if (isLoopback(primary)) return `the node's primary address ${primary} is loopback`;
  return `the node's primary address ${primary} is on no interface of this host`;
}

function acceptListed(cidrs: readonly Cidr[], candidates: readonly string[]): NodePortAddresses {
  // Nothing said of this family (NPA-04), or everything (NPA-05).
  const isUnrestricted = cidrs.length === 0 || cidrs.some(({ prefixLength }) => prefixLength === 0);
  if (isUnrestricted) return { accepted: 'any', warning: undefined };
  const accepted = candidates.filter((address) => cidrs.some((cidr) => contains(cidr, address)));
  if (accepted.length > 0) return { accepted, warning: undefined };
  const listed = cidrs.map(cidrText).join(', ');
  return {
    accepted,
    warning: `No node ports are served on ${cidrs[0]?.family}: no address of this host is in ${listed}`,
  };
}
