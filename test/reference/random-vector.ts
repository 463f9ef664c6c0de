/** A random cluster as a conformance vector, with what the reference model expects. */
import { Random } from './generator/random.ts';
import { familyOf } from './model/addresses.ts';
import { AffinityModel, affinityOf } from './model/affinity.ts';
import { conntrackFate } from './model/conntrack.ts';
import { addressedPort, decide } from './model/decide.ts';
import { healthAnswer } from './model/health-checks.ts';
import { type Model, type ModelPort, modelOf } from './model/model.ts';
import { randomCluster } from './random-cluster.ts';
import type { Packet, RawService } from './situation.ts';
import {
  type ConntrackCase,
  type ConntrackEntry,
  type Flow,
  flowExpectation,
  type HealthCheckCase,
  type Sequence,
  type SequenceStep,
  type Vector,
} from './vectors.ts';

const PACKETS = 8;

export function randomVector(seed: number): Vector {
  const { packets, ...situation } = randomCluster(seed, PACKETS);
  const random = new Random(seed);
  const model = modelOf(situation);
  return {
    id: `RANDOM-${seed}`,
    title: `random cluster, NODEPLANE_SEED=${seed}`,
    rules: [],
    ...situation,
    flows: packets.map((packet, index) => flow(model, packet, index)),
    sequences: packets.flatMap((packet) => sequenceOf(model, packet) ?? []).slice(0, 1),
    conntrack: conntrackCases(random, model),
    healthChecks: situation.services.flatMap((service) => healthChecks(model, service)),
  };
}

/** The content of a file of vectors. */
export function vectorFile(vectors: readonly Vector[]): string {
  return JSON.stringify({ schema: 1, topic: 'random clusters', vectors });
}

function flow(model: Model, packet: Packet, index: number): Flow {
  const { origin, protocol, sourceIP, destIP, destPort } = packet;
  const destination = `${destIP}${destPort === undefined ? '' : ` ${destPort}`}/${protocol}`;
  const name = `${index}: ${origin} ${sourceIP} to ${destination}`;
  return { name, ...packet, expect: flowExpectation(decide(model, packet)) };
}

/** A client that connects to all frontends of a service port with affinity, and to the first one again at last. */
function sequenceOf(model: Model, packet: Packet): Sequence | undefined {
  const first = endpointsOf(model, packet);
  const port = addressedPort(model[familyOf(packet.destIP)], packet)?.port;
  if (affinityOf(model, packet) === undefined || port === undefined || first.length === 0) return undefined;
  const others = frontendsOf(model, port).map((it) => ({ ...packet, ...it }));
  const sharing = others.filter((other) => {
    const endpoints = endpointsOf(model, other);
    return first.every((endpoint) => endpoints.includes(endpoint));
  });
  const steps = [...sharing, packet, packet].map(
    (it): SequenceStep => ({ ...it, name: `to ${it.destIP}`, expect: { sameEndpointAsStep: 0 } }),
  );
  return {
    name: `${port.service}:${port.name}`,
    steps: [{ ...packet, name: 'first', expect: { anyOf: first } }, ...steps],
  };
}

function endpointsOf(model: Model, packet: Packet): string[] {
  const decision = new AffinityModel(model).decide(packet, 0);
  return decision.action === 'dnat' ? [...decision.endpoints.keys()] : [];
}

type Frontend = Required<Pick<Packet, 'destIP' | 'destPort'>>;

function frontendsOf(model: Model, { clusterIP, externalIPs, vips, port, nodePort }: ModelPort): Frontend[] {
  const { node } = model[familyOf(clusterIP)];
  const nodePortAddresses = nodePort === 0 ? [] : node.addresses.filter((it) => node.takesNodePortsAt(it));
  return [
    ...[clusterIP, ...externalIPs, ...vips].map((destIP) => ({ destIP, destPort: port })),
    ...nodePortAddresses.map((destIP) => ({ destIP, destPort: nodePort })),
  ];
}

/** Entries of a pod to some frontends: to endpoints in any condition, to some that are gone, and untranslated ones. */
function conntrackCases(random: Random, model: Model): ConntrackCase[] {
  const ports = [...model.IPv4.ports, ...model.IPv6.ports];
  const entries = ports.flatMap((port) =>
    random.sample(frontendsOf(model, port), 2).map((frontend) => conntrackEntry(random, port, frontend)),
  );
  const flows = new Set<string>();
  const unique = random.sample(entries, 6).filter(({ origDst, origDstPort, protocol }) => {
    const key = `${origDst} ${origDstPort} ${protocol}`;
    return !flows.has(key) && flows.add(key);
  });
  return unique.map((entry, index) => ({
    name: `${index}: ${entry.protocol} ${entry.origDst} ${entry.origDstPort}`,
    ...entry,
    expect: conntrackFate(model, entry),
  }));
}

function conntrackEntry(random: Random, port: ModelPort, { destIP, destPort }: Frontend): ConntrackEntry {
  const isIPv6 = familyOf(destIP) === 'IPv6';
  const stale = { replySrc: isIPv6 ? 'fd00:64:0:2::63' : '10.64.2.99', replySrcPort: 8080 };
  const current = random.pick(port.endpoints);
  const replies = [
    stale,
    { replySrc: destIP, replySrcPort: destPort },
    ...(current === undefined
      ? []
      : [
          { replySrc: current.address, replySrcPort: Number(current.text.split(':').at(-1)) },
          { replySrc: current.address, replySrcPort: 7777 },
        ]),
  ];
  return {
    protocol: random.chance(0.8) ? port.protocol : 'UDP',
    origSrc: isIPv6 ? 'fd00:64:0:1::14' : '10.64.1.20',
    origDst: destIP,
    origDstPort: destPort,
    ...(random.pick(replies) ?? stale),
  };
}

function healthChecks(model: Model, { metadata, spec }: RawService): HealthCheckCase[] {
  const port = spec.healthCheckNodePort ?? 0;
  const service = `${metadata.namespace}/${metadata.name}`;
  if (port === 0) return [];
  return (['IPv4', 'IPv6'] as const)
    .filter((family) => spec.ipFamilies?.includes(family))
    .map((family) => ({ service, family, port, expect: healthAnswer(model, service, family, port) }));
}
