import type { Cidr } from '../net/address.ts';
import { cidrText } from '../net/cidr.ts';

/** How a packet of a pod of this node is told from others (MASQ-13). */
export type LocalPods =
  /** By its source. */
  | { readonly by: 'source'; readonly cidr: Cidr }
  /** By the interface that it arrives on: a name, or the beginning of one. */
  | { readonly by: 'interface'; readonly name: string; readonly isPrefix: boolean };

/** What holds for all Services of one family on this node. It changes rarely. */
export interface NodeSettings {
  /** Undefined is no telling: pods are outsiders, and cluster IP traffic is not masqueraded (ETP-02, MASQ-04). */
  readonly localPods: LocalPods | undefined;
  /** All cluster IP traffic is masqueraded (MASQ-03). */
  readonly masqueradeAll: boolean;
  /** Addresses on which node ports are accepted; `any` is whatever is local to the node, but loopback (section 6). */
  readonly nodePortAddresses: 'any' | readonly string[];
  /** Ranges that cluster IPs are taken from: packets to an address of them that is none are dropped (CIP-03). */
  readonly serviceCIDRs: readonly Cidr[];
}

/** Equal settings give equal text. */
export function settingsText(settings: NodeSettings): string {
  const { localPods, masqueradeAll, nodePortAddresses, serviceCIDRs } = settings;
  return JSON.stringify([localPods, masqueradeAll, nodePortAddresses, serviceCIDRs.map(cidrText)]);
}
