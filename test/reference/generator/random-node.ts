import type { Family, SituationConfig, SituationNode } from '../situation.ts';
import { FAMILIES, hostRange, NODES, PLAN } from './address-plan.ts';
import type { Random } from './random.ts';

/** Names of interfaces that packets arrive on, where a detection mode goes by them. */
export const INTERFACES = { bridge: 'cni0', pod: 'veth7', bare: 'veth', uplink: 'eth0' } as const;

/** The node under test. `boundVips` are VIPs and external IPs that its interfaces hold too. */
export function randomNode(
  random: Random,
  families: readonly Family[],
  boundVips: readonly string[],
): SituationNode {
  const zone = random.pick(['zone-1', 'zone-1', 'zone-1', 'zone-2', '', undefined]);
  const ips = families.flatMap((family) => {
    const [primary, secondary] = PLAN[family].nodeAddresses;
    const inPodRange = PLAN[family].pod(0, 1); // ETP-04
    return [primary, ...random.some([secondary], 0.7), ...random.some([inPodRange], 0.2)];
  });
  return {
    name: NODES[0],
    ips: [...ips, ...boundVips],
    podCIDRs: families.map((family) => PLAN[family].podRange),
    ...(zone && { zone }),
    labels: {
      'kubernetes.io/hostname': NODES[0],
      ...(zone !== undefined && { 'topology.kubernetes.io/zone': zone }),
    },
  };
}

export function randomConfig(random: Random, families: readonly Family[]): SituationConfig {
  const masqueradeAll = random.chance(0.15);
  const bindAddress = randomBindAddress(random, families);
  const nodePortAddresses = randomNodePortAddresses(random, families);
  return {
    ...randomDetection(random, families),
    ...(masqueradeAll && { nftables: { masqueradeAll }, iptables: { masqueradeAll } }),
    ...(bindAddress !== undefined && { bindAddress }),
    ...(nodePortAddresses !== undefined && { nodePortAddresses }),
  };
}

/** MASQ-13; a quarter of the time there is none. */
function randomDetection(random: Random, families: readonly Family[]): SituationConfig {
  const clusterCIDR = random
    .some(families, 0.9)
    .map((family) => PLAN[family].clusterRange)
    .join(',');
  return random.pick<SituationConfig>([
    {},
    { clusterCIDR },
    { detectLocalMode: 'ClusterCIDR', clusterCIDR },
    { detectLocalMode: 'NodeCIDR' },
    { detectLocalMode: 'NodeCIDR', clusterCIDR },
    { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: INTERFACES.bridge } },
    { detectLocalMode: 'InterfaceNamePrefix', detectLocal: { interfaceNamePrefix: INTERFACES.bare } },
  ]);
}

function randomBindAddress(random: Random, families: readonly Family[]): string | undefined {
  if (random.chance(0.85)) return undefined;
  const addresses = families.flatMap((family) => PLAN[family].nodeAddresses);
  return random.pick(['0.0.0.0', '::', ...addresses]);
}

function randomNodePortAddresses(random: Random, families: readonly Family[]): string[] | undefined {
  const kind = random.below(6);
  if (kind <= 1) return undefined;
  if (kind === 2) return ['primary'];
  const ranges = FAMILIES.flatMap((family) => {
    if (!families.includes(family) && random.chance(0.7)) return [];
    const { nodeAddresses, anyRange, nodeRange, emptyRange, loopbackRange, vipRange } = PLAN[family];
    const choices = [...nodeAddresses.map(hostRange), nodeRange, emptyRange, loopbackRange, vipRange];
    return [...random.sample(choices, random.below(3)), ...random.some([anyRange], 0.2)];
  });
  return ranges.length === 0 ? undefined : ranges;
}
