/** Packets worth judging in a situation: each of its frontends and near misses, from each kind of source. */
import type { Family, Packet, Protocol, RawService, Situation } from '../situation.ts';
import { PLAN } from './address-plan.ts';
import type { Random } from './random.ts';
import { INTERFACES } from './random-node.ts';

interface Destination {
  readonly family: Family;
  readonly protocol: Packet['protocol'];
  readonly destIP: string;
  readonly destPort?: number;
}

type Source = Pick<Packet, 'origin' | 'sourceIP'>;

export function randomPackets(
  random: Random,
  situation: Situation,
  families: readonly Family[],
  count: number,
): Packet[] {
  const wanted = families.flatMap((family) => frontends(situation, family));
  const near = families.flatMap((family) => nearMisses(situation, family, wanted));
  // The same frontend may be asked from several sources.
  const destinations = Array.from({ length: count }, () => random.pick(random.chance(0.8) ? wanted : near));
  return destinations.flatMap((destination) => {
    if (destination === undefined) return [];
    const packet = { ...randomSource(random, situation, destination), ...addressed(destination) };
    const inInterface = randomInterface(random, situation, packet.origin);
    return inInterface === undefined ? packet : { ...packet, inInterface };
  });
}

function addressed({ protocol, destIP, destPort }: Destination): Omit<Destination, 'family'> {
  return destPort === undefined ? { protocol, destIP } : { protocol, destIP, destPort };
}

/** Whatever looks like a frontend in the objects, those of Services that get nothing included. */
function frontends({ node, services }: Situation, family: Family): Destination[] {
  return services.flatMap((service) =>
    (service.spec.ports ?? []).flatMap(({ protocol = 'TCP', port, nodePort = 0 }) => [
      ...to(family, addressesOf(service), protocol, port),
      ...(nodePort === 0 ? [] : to(family, node.ips, protocol, nodePort)),
    ]),
  );
}

/** Unknown ports, other protocols, echo requests, unused and other addresses, and pods themselves. */
function nearMisses(situation: Situation, family: Family, wanted: readonly Destination[]): Destination[] {
  const plan = PLAN[family];
  const addresses = [...situation.services.flatMap(addressesOf), ...situation.node.ips];
  const strangers = [plan.clusterIP(0, 222), plan.clusterIP(1, 222), plan.clusterIP(2, 222), plan.vip(222)];
  const others = wanted.filter((it) => it.family === family);
  return [
    ...to(family, addresses, 'TCP', 9999),
    ...to(family, [...addresses, ...strangers], 'ICMP'),
    ...to(family, [...strangers, plan.pod(1, 30)], 'TCP', 80),
    ...to(family, strangers, 'UDP', 53),
    ...to(family, [...plan.nodeAddresses, plan.loopback], 'UDP', 30999),
    ...others.map((it) => ({ ...it, protocol: otherProtocol(it.protocol) })),
    ...others.map((it) => ({ ...it, destIP: plan.otherNode })),
    ...others.map((it) => ({ ...it, destIP: plan.loopback })),
  ];
}

function to(
  family: Family,
  addresses: readonly string[],
  protocol: Packet['protocol'],
  destPort?: number,
): Destination[] {
  const own = addresses.filter((address) => isOf(family, address));
  return own.map((destIP) =>
    destPort === undefined ? { family, protocol, destIP } : { family, protocol, destIP, destPort },
  );
}

/** Cluster IPs, external IPs and VIPs, as packets carry them: spelled in one way. */
function addressesOf({ spec, status }: RawService): string[] {
  const vips = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  const texts = [...(spec.clusterIPs ?? []), ...(spec.externalIPs ?? []), ...vips];
  return texts.filter((text) => text !== 'None').map(plainSpelling);
}

/** Undoes {@link randomSpelling}. */
export function plainSpelling(address: string): string {
  if (address.includes(':')) return address.toLowerCase().replace(':0::', '::');
  return address.replace(/\.0+(\d+)$/, '.$1');
}

function otherProtocol(protocol: Packet['protocol']): Protocol {
  return protocol === 'TCP' ? 'UDP' : protocol === 'UDP' ? 'SCTP' : 'TCP';
}

function isOf(family: Family, address: string): boolean {
  return address.includes(':') === (family === 'IPv6');
}

function randomSource(random: Random, situation: Situation, { family, destIP }: Destination): Source {
  const plan = PLAN[family];
  if (destIP === plan.loopback) return { origin: 'node', sourceIP: plan.loopback };
  const nodeAddresses = situation.node.ips.filter((address) => isOf(family, address));
  const endpoints = endpointAddresses(situation, family);
  const localPods = endpoints.filter((address) => address.startsWith(podPrefix(family, 0)));
  const remotePods = endpoints.filter((address) => address.startsWith(podPrefix(family, 1)));
  const kind = random.below(9);
  if (kind <= 1) return { origin: 'local-pod', sourceIP: plan.pod(0, 20) };
  if (kind === 2) return { origin: 'local-pod', sourceIP: random.pick(localPods) ?? plan.pod(0, 21) };
  if (kind === 3) return { origin: 'remote-pod', sourceIP: random.pick(remotePods) ?? plan.pod(2, 20) };
  if (kind <= 5) return { origin: 'node', sourceIP: random.pick(nodeAddresses) ?? plan.nodeAddresses[0] };
  if (kind === 6) return { origin: 'external', sourceIP: plan.otherNode };
  const isBridged = isByInterface(situation) && random.chance(0.2);
  if (isBridged) return { origin: 'local-pod', sourceIP: plan.farClient };
  return { origin: 'external', sourceIP: random.pick([plan.nearClient, plan.farClient]) };
}

function endpointAddresses({ endpointSlices }: Situation, family: Family): string[] {
  const slices = endpointSlices.filter(({ addressType }) => addressType === family);
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  return endpoints.flatMap(({ addresses }) => addresses.slice(0, 1)).map(plainSpelling);
}

function podPrefix(family: Family, node: number): string {
  return PLAN[family].pod(node, 0).slice(0, -1);
}

function isByInterface({ config }: Situation): boolean {
  return config.detectLocalMode === 'BridgeInterface' || config.detectLocalMode === 'InterfaceNamePrefix';
}

/** Only where a detection mode goes by it; node processes have none (MASQ-14). */
function randomInterface(random: Random, situation: Situation, origin: Packet['origin']): string | undefined {
  if (!isByInterface(situation) || origin === 'node') return undefined;
  if (origin !== 'local-pod') return INTERFACES.uplink;
  if (situation.config.detectLocalMode === 'BridgeInterface') return INTERFACES.bridge;
  return random.pick([INTERFACES.pod, INTERFACES.bare, INTERFACES.bridge]);
}
