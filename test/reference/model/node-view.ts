/** What the node and its configuration mean for one family: sections 6 and 11 of the spec. */
import type { Family, Packet, Situation } from '../situation.ts';
import { addressesOf, canonical, familyOf, isEverything, isIn, isInAny, rangesOf } from './addresses.ts';

export interface NodeView {
  readonly name: string;
  /** TOP-06, TOP-10: empty is no zone. */
  readonly zone: string | undefined;
  /** Every address that is local to the node, loopback included. */
  readonly addresses: readonly string[];
  /** Of the Node object, or the bind address (NPA-08). */
  readonly primaryAddress: string | undefined;
  /** MASQ-13: whether local traffic can be told from other traffic in this family. */
  readonly canDetectPods: boolean;
  readonly masqueradeAll: boolean;
  isLocalPod(packet: Packet): boolean;
  takesNodePortsAt(address: string): boolean;
}

const LOOPBACK: Readonly<Record<Family, { readonly address: string; readonly range: string }>> = {
  IPv4: { address: '127.0.0.1', range: '127.0.0.0/8' },
  IPv6: { address: '::1', range: '::1/128' },
};

export function nodeView(situation: Situation, family: Family): NodeView {
  const { node, config } = situation;
  const interfaceAddresses = addressesOf(family, node.ips);
  const primaryAddress = primaryOf(situation, family);
  const detection = podDetection(situation, family);
  const accepts = nodePortTest(situation, family, primaryAddress);
  return {
    name: node.name,
    zone: node.labels['topology.kubernetes.io/zone'] || undefined,
    addresses: [...interfaceAddresses, LOOPBACK[family].address],
    primaryAddress,
    canDetectPods: detection !== undefined,
    masqueradeAll: config.nftables?.masqueradeAll ?? false,
    isLocalPod: (packet) => detection?.(packet) ?? false,
    takesNodePortsAt: (address) =>
      interfaceAddresses.includes(address) &&
      !isIn(LOOPBACK[family].range, address) && // NPA-06
      accepts(address),
  };
}

function primaryOf({ node, config }: Situation, family: Family): string | undefined {
  const bindAddress = canonical(config.bindAddress ?? '');
  const isBound = bindAddress !== undefined && bindAddress !== '0.0.0.0' && bindAddress !== '::';
  if (isBound && familyOf(bindAddress) === family) return bindAddress; // NPA-08
  return addressesOf(family, node.ips)[0];
}

/** MASQ-13, MASQ-14; undefined = no detection for this family. */
function podDetection(
  { node, config }: Situation,
  family: Family,
): ((packet: Packet) => boolean) | undefined {
  switch (config.detectLocalMode ?? 'ClusterCIDR') {
    case 'ClusterCIDR':
      return sourceIn(rangesOf(family, (config.clusterCIDR ?? '').split(','))[0]);
    case 'NodeCIDR':
      return sourceIn(rangesOf(family, node.podCIDRs ?? [])[0]);
    case 'BridgeInterface':
      return ({ inInterface }) => inInterface === config.detectLocal?.bridgeInterface;
    case 'InterfaceNamePrefix': {
      const prefix = config.detectLocal?.interfaceNamePrefix ?? '';
      return ({ inInterface }) => inInterface?.startsWith(prefix) ?? false;
    }
  }
}

function sourceIn(range: string | undefined): ((packet: Packet) => boolean) | undefined {
  return range === undefined ? undefined : ({ sourceIP }) => isIn(range, sourceIP);
}

/** Which of the node's interface addresses take node ports, loopback left aside. */
function nodePortTest(
  { config }: Situation,
  family: Family,
  primary: string | undefined,
): (address: string) => boolean {
  const list = config.nodePortAddresses ?? [];
  const isPrimaryOnly = list.length === 0 || list.includes('primary');
  if (isPrimaryOnly) return (address) => address === primary; // NPA-01, NPA-02; NPA-07, the better way
  const ranges = rangesOf(family, list);
  const isUnrestricted = ranges.length === 0 || ranges.some(isEverything); // NPA-04, NPA-05, NPA-09
  return (address) => isUnrestricted || isInAny(ranges, address); // NPA-03
}
