import type { ProxyConfig } from '../../config/proxy-config.ts';
import type { ProbeInterface } from '../../native/packet-probe.ts';
import { FAMILIES, familyOf } from '../../net/address.ts';
import type { FirstPacket, Vector } from '../vectors/vector.ts';

/**
 * The node's side of the network of a vector.
 *
 *     pods of this node            everything else
 *       | local-pod                   | remote-pod, external
 *     +-+--- pods interface ---------+-+--- uplink ----+
 *     |  podCIDRs are routed here      node's addresses, default routes |
 *     +-----------------------------------------------------------------+
 *
 * Whatever other interfaces the flows name, packets arrive there, and nothing is routed to them.
 */
export interface NetworkPlan {
  readonly interfaces: readonly ProbeInterface[];
  readonly uplink: string;
  readonly pods: string;
}

export function planNetwork(vector: Vector): NetworkPlan {
  const packets = [...vector.flows, ...vector.sequences.flatMap(({ steps }) => steps)];
  const named = namesByOrigin(packets);
  const pods = named.pods[0] ?? podsInterface(vector.config);
  const uplink = named.uplinks.find((name) => name !== pods) ?? uplinkInterface(pods, vector.config);
  const names = new Set([uplink, pods, ...named.uplinks, ...named.pods]);
  const { ips, podCIDRs } = vector.node;
  const interfaces = [...names].map((name) => ({
    name,
    addresses: name === uplink ? ips : [],
    routes: [...(name === uplink ? defaultRoutes(vector) : []), ...(name === pods ? podCIDRs : [])],
  }));
  return { interfaces, uplink, pods };
}

/** Number of the interface that a packet arrives on; undefined for one that a process of the node sends. */
export function arrivalOf({ origin, inInterface }: FirstPacket, plan: NetworkPlan): number | undefined {
  if (origin === 'node') return undefined;
  const name = inInterface ?? (origin === 'local-pod' ? plan.pods : plan.uplink);
  return plan.interfaces.findIndex((it) => it.name === name);
}

function namesByOrigin(packets: readonly FirstPacket[]): { pods: string[]; uplinks: string[] } {
  const namesOf = (isMatch: (packet: FirstPacket) => boolean): string[] =>
    packets.filter(isMatch).flatMap(({ inInterface }) => inInterface ?? []);
  return {
    pods: namesOf(({ origin }) => origin === 'local-pod'),
    uplinks: namesOf(({ origin }) => origin === 'remote-pod' || origin === 'external'),
  };
}

/** Of the families that the vector is about: a kernel may be without the other. */
function defaultRoutes({ node, flows, sequences }: Vector): string[] {
  const packets = [...flows, ...sequences.flatMap(({ steps }) => steps)];
  const addresses = [...node.ips, ...node.podCIDRs, ...packets.map(({ destIP }) => destIP)];
  const families = new Set(addresses.map(familyOf));
  return FAMILIES.filter((family) => families.has(family)).map((family) => EVERYTHING[family]);
}

const EVERYTHING = { IPv4: '0.0.0.0/0', IPv6: '::/0' } as const;

const MAX_NAME = 15;

/** One that the proxy takes for a pod's, if it goes by interfaces. */
function podsInterface({ localTraffic }: ProxyConfig): string {
  if (localTraffic.mode === 'BridgeInterface') return localTraffic.name;
  if (localTraffic.mode === 'InterfaceNamePrefix') return `${localTraffic.prefix}0`.slice(0, MAX_NAME);
  return 'cni0';
}

/** One that it does not. */
function uplinkInterface(pods: string, { localTraffic }: ProxyConfig): string {
  const isLocal = (name: string): boolean => {
    if (localTraffic.mode === 'BridgeInterface') return name === localTraffic.name;
    return localTraffic.mode === 'InterfaceNamePrefix' && name.startsWith(localTraffic.prefix);
  };
  return ['eth0', 'uplink0', 'wan0'].find((name) => name !== pods && !isLocal(name)) ?? 'np0';
}
