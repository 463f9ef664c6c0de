/** Whole situations at random, and packets for them: a function of the seed. */
import { FAMILIES, PLAN } from './generator/address-plan.ts';
import { earlierCluster } from './generator/earlier-cluster.ts';
import { Random } from './generator/random.ts';
import { randomConfig, randomNode } from './generator/random-node.ts';
import { plainSpelling, randomPackets } from './generator/random-packets.ts';
import { ServiceGenerator } from './generator/random-services.ts';
import { randomSlices } from './generator/random-slices.ts';
import type { Family, Packet, RawService, Situation } from './situation.ts';

export interface RandomCluster extends Situation {
  readonly packets: readonly Packet[];
}

/** What a random cluster may have been before: see {@link earlierCluster}. */
export function clusterBefore(seed: number, now: Situation): Situation {
  return earlierCluster(new Random(seed), now, randomCluster(seed + 1, 0));
}

/** A small cluster: every rule is met within a few services, and a failure stays readable. */
export function randomCluster(seed: number, packetCount: number): RandomCluster {
  const random = new Random(seed);
  const families = random.pick<readonly Family[]>([['IPv4'], ['IPv4'], ['IPv6'], FAMILIES, FAMILIES]);
  const services = new ServiceGenerator(random, families).services(random.pick([1, 1, 2, 2, 3, 4]));
  const endpointSlices = services.flatMap((service) => randomSlices(random, service, families));
  const serviceCIDRs = families.flatMap((family) => randomServiceCIDRs(random, family));
  const situation: Situation = {
    node: randomNode(random, families, boundVips(random, services, families)),
    config: randomConfig(random, families),
    ...(serviceCIDRs.length > 0 && { serviceCIDRs }),
    services,
    endpointSlices,
  };
  return { ...situation, packets: randomPackets(random, situation, families, packetCount) };
}

function randomServiceCIDRs(random: Random, family: Family): readonly string[] {
  const [first, second] = PLAN[family].serviceRanges;
  return random.pick<readonly string[]>([[first], [first], [first, second], []]);
}

/** NPA-09, LB-05, ETP-03: VIPs and external IPs that the node itself holds. */
function boundVips(random: Random, services: readonly RawService[], families: readonly Family[]): string[] {
  const own = families.flatMap((family): readonly string[] => PLAN[family].nodeAddresses);
  const clusterIPs = services.flatMap(({ spec }) => spec.clusterIPs ?? []);
  const addresses = services.flatMap(({ spec, status }) => {
    const ingress = status?.loadBalancer?.ingress ?? [];
    return [...(spec.externalIPs ?? []), ...ingress.flatMap(({ ip }) => ip ?? [])].map(plainSpelling);
  });
  const candidates = [...new Set(addresses)].filter((address) => {
    const isOfFamily = families.includes(address.includes(':') ? 'IPv6' : 'IPv4');
    return isOfFamily && !own.includes(address) && !clusterIPs.includes(address);
  });
  return random.some(candidates, 0.25);
}
