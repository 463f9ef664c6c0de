import type { Node, ObjectEvent, ServiceCIDR } from '../api/objects.ts';
import type { ProxyConfig } from '../config/proxy-config.ts';
import type { LocalPods, NodeSettings } from '../forwarding/node-settings.ts';
import type { ThisNode } from '../forwarding/this-node.ts';
import { nodePortAddressesOf, primaryAddressOf } from '../host/node-port-addresses.ts';
import { type Cidr, type Family, parseCidr } from '../net/address.ts';

const ZONE_LABEL = 'topology.kubernetes.io/zone';

/**
 * What is known of this node: its configuration, its Node object, the addresses of its interfaces, and the cluster's
 * ServiceCIDRs. Out: what the forwarding table and the rules of each family follow.
 */
export class NodeState {
  readonly #config: ProxyConfig;
  #node: Node | undefined;
  #hostAddresses: readonly string[] = [];
  readonly #serviceCIDRs = new Map<string, ServiceCIDR>();

  constructor(config: ProxyConfig) {
    this.#config = config;
  }

  /** Takes an object; true if it is one that the state is made of. */
  take(event: ObjectEvent): boolean {
    if (event.type === 'put') {
      if (event.object.kind === 'Node') return this.#takeNode(event.object);
      if (event.object.kind !== 'ServiceCIDR') return false;
      this.#serviceCIDRs.set(event.object.name, event.object);
      return true;
    }
    // The Node object may go; the node is still there (NODE-10).
    return event.kind === 'ServiceCIDR' && this.#serviceCIDRs.delete(event.name);
  }

  /** All addresses of the node's interfaces, canonical. */
  takeAddresses(addresses: readonly string[]): void {
    this.#hostAddresses = addresses;
  }

  get hostAddresses(): readonly string[] {
    return this.#hostAddresses;
  }

  thisNode(family: Family): ThisNode {
    return {
      name: this.#config.hostname,
      zone: this.#node?.labels[ZONE_LABEL] || undefined, // TOP-06
      primaryAddress: this.#primaryAddress(family),
    };
  }

  settings(family: Family): NodeSettings {
    return {
      localPods: this.#localPods(family),
      masqueradeAll: this.#config.masqueradeAll,
      nodePortAddresses: this.#nodePortAddresses(family).accepted,
      serviceCIDRs: this.#cidrsOf([...this.#serviceCIDRs.values()].flatMap((it) => it.cidrs)).filter(
        (cidr) => cidr.family === family,
      ),
    };
  }

  /** Why no node ports are served in a family, in words for the log; undefined if they are. */
  nodePortWarning(family: Family): string | undefined {
    return this.#nodePortAddresses(family).warning;
  }

  #takeNode(node: Node): boolean {
    if (node.name !== this.#config.hostname) return false; // NODE-02
    this.#node = node;
    return true;
  }

  #primaryAddress(family: Family): string | undefined {
    return primaryAddressOf(family, this.#node?.addresses ?? [], this.#config.bindAddress);
  }

  #nodePortAddresses(family: Family): ReturnType<typeof nodePortAddressesOf> {
    const { nodePortAddresses } = this.#config;
    return nodePortAddressesOf(nodePortAddresses, family, this.#primaryAddress(family), this.#hostAddresses);
  }

  #localPods(family: Family): LocalPods | undefined {
    const { localTraffic } = this.#config;
    switch (localTraffic.mode) {
      case 'ClusterCIDR':
        return firstOf(localTraffic.cidrs, family);
      case 'NodeCIDR':
        return firstOf(this.#cidrsOf(this.#node?.podCIDRs ?? []), family);
      case 'BridgeInterface':
        return { by: 'interface', name: localTraffic.name, isPrefix: false };
      case 'InterfaceNamePrefix':
        return { by: 'interface', name: localTraffic.prefix, isPrefix: true };
    }
  }

  #cidrsOf(texts: readonly string[]): Cidr[] {
    return texts.flatMap((text) => parseCidr(text) ?? []);
  }
}

/** Only the first CIDR of a family counts (MASQ-13). */
function firstOf(cidrs: readonly Cidr[], family: Family): LocalPods | undefined {
  const cidr = cidrs.find((candidate) => candidate.family === family);
  return cidr && { by: 'source', cidr };
}
