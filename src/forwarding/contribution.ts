import type { ServedEndpoint, ServedPort } from '../services/served-port.ts';
import { type Frontend, frontendKey } from './frontend.ts';

/** The node whose kernel is programmed. */
export interface ThisNode {
  readonly name: string;
}

/** What one service port adds to the forwarding table of its family. */
export interface Contribution {
  readonly frontends: readonly Frontend[];
  /** Cluster IPs: traffic to them is masqueraded when its source is no pod (MASQ-02). */
  readonly clusterIPs: ReadonlySet<string>;
  /** Addresses of endpoints that may be on this node, whose traffic to themselves is masqueraded (MASQ-09). */
  readonly hairpins: ReadonlySet<string>;
}

const NOTHING: Contribution = { frontends: [], clusterIPs: new Set(), hairpins: new Set() };

/** The rules of the spec as a function: one service port in, its entries out. Pure; called for the old and the new state. */
export function contributionOf(port: ServedPort | undefined, node: ThisNode): Contribution {
  if (port === undefined) return NOTHING;
  const usable = port.endpoints.filter(isUsable);
  return {
    frontends: [clusterIPFrontend(port, usable)],
    clusterIPs: new Set([port.clusterIP]),
    hairpins: hairpinAddresses(usable, node),
  };
}

/** SEL-01; terminating fallbacks and topology follow with the rules of sections 3 and 4. */
function isUsable(endpoint: ServedEndpoint): boolean {
  return endpoint.ready;
}

/** VIP-01, and NEP-01 without endpoints. */
function clusterIPFrontend(port: ServedPort, usable: readonly ServedEndpoint[]): Frontend {
  return {
    key: frontendKey(port.clusterIP, port.protocol, port.port),
    address: port.clusterIP,
    protocol: port.protocol,
    port: port.port,
    action: usable.length === 0 ? 'reject' : 'forward',
    endpoints: usable.map((endpoint) => endpoint.endpoint),
  };
}

/**
 * Only a pod of this node can send itself a packet through this kernel. Endpoints without a node name may be
 * such pods too (MASQ-10, better than upstream), those of other nodes can not.
 */
function hairpinAddresses(usable: readonly ServedEndpoint[], node: ThisNode): ReadonlySet<string> {
  const addresses = new Set<string>();
  for (const { address, nodeName } of usable) {
    if (nodeName === undefined || nodeName === node.name) addresses.add(address);
  }
  return addresses;
}
