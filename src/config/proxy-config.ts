import type { Cidr } from '../net/address.ts';

/** How traffic of this node's pods is told from other traffic (MASQ-13). */
export type LocalTraffic =
  | { readonly mode: 'ClusterCIDR'; readonly cidrs: readonly Cidr[] }
  /** By the podCIDRs of the Node object. */
  | { readonly mode: 'NodeCIDR' }
  | { readonly mode: 'BridgeInterface'; readonly name: string }
  | { readonly mode: 'InterfaceNamePrefix'; readonly prefix: string };

/** How the kernel is programmed. */
export type ProxyMode = 'nftables' | 'ebpf';

/** What the operator of the node decided, as far as it shapes the forwarding table and the way into the kernel. */
export interface ProxyConfig {
  /** Name of the Node object: trimmed, lower case (NODE-01). */
  readonly hostname: string;
  readonly mode: ProxyMode;
  /** Folder of a cgroup: in mode ebpf the sockets of its processes are translated. Undefined is all of the host's. */
  readonly bpfCgroup: string | undefined;
  readonly localTraffic: LocalTraffic;
  readonly masqueradeAll: boolean;
  /** Where node ports are accepted: on the node's primary addresses (NPA-02), or on those in some ranges (NPA-03). */
  readonly nodePortAddresses: 'primary' | readonly Cidr[];
  /** Takes the place of the primary address of its family (NPA-08); undefined for 0.0.0.0 and ::. */
  readonly bindAddress: string | undefined;
}
