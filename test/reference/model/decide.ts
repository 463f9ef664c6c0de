/** One packet: sections 5 to 11, 13 and 14 of the spec. */
import type { Decision, Masquerade, Packet } from '../situation.ts';
import { familyOf, isInAny } from './addresses.ts';
import type { Endpoint } from './endpoints.ts';
import type { FamilyModel, Model, ModelPort } from './model.ts';

/** How a packet addresses a service port. */
type Frontend = 'clusterIP' | 'externalIP' | 'vip' | 'nodePort';

/** What happens to the first packet of a connection while no affinity binding exists. */
export function decide(model: Model, packet: Packet): Decision {
  const family = model[familyOf(packet.destIP)];
  const hit = addressedPort(family, packet);
  return hit === undefined
    ? withoutFrontend(family, packet)
    : throughFrontend(family, hit.port, hit.frontend, packet);
}

/** The service port that a packet is addressed to. PRO-03: by TCP, UDP and SCTP only. */
export function addressedPort(
  { node, ports }: FamilyModel,
  { destIP, destPort, protocol }: Packet,
): { port: ModelPort; frontend: Frontend } | undefined {
  const candidates = ports.filter((port) => port.protocol === protocol); // SVC-07
  for (const port of candidates.filter((it) => it.port === destPort)) {
    if (port.clusterIP === destIP) return { port, frontend: 'clusterIP' }; // VIP-01
    if (port.externalIPs.includes(destIP)) return { port, frontend: 'externalIP' }; // VIP-03
    if (port.vips.includes(destIP)) return { port, frontend: 'vip' }; // VIP-04
  }
  if (destPort === undefined || destPort === 0 || !node.takesNodePortsAt(destIP)) return undefined;
  const port = candidates.find(({ nodePort }) => nodePort === destPort); // VIP-02
  return port === undefined ? undefined : { port, frontend: 'nodePort' };
}

/** The endpoints that a packet may get: a list, empty for what NEP-04 and NEP-05 drop. */
export function listInUse(
  { node }: FamilyModel,
  port: ModelPort,
  frontend: Frontend,
  packet: Packet,
): readonly Endpoint[] {
  if (frontend === 'clusterIP') return port.isInternalLocal ? port.localList : port.clusterList; // VIP-08, ITP-01
  if (!port.isExternalLocal) return port.clusterList; // ETP-07
  if (node.isLocalPod(packet)) return port.clusterList; // ETP-02, ETP-04
  if (node.addresses.includes(packet.sourceIP)) return port.clusterList; // ETP-03
  return port.localList; // ETP-01
}

function throughFrontend(family: FamilyModel, port: ModelPort, frontend: Frontend, packet: Packet): Decision {
  if (frontend === 'vip' && !port.admitsToVip(packet.sourceIP)) return { action: 'drop' }; // LB-01, LB-07, LB-09
  const hasEndpoints = port.clusterList.length > 0 || port.localList.length > 0; // SEL-09
  if (!hasEndpoints) return { action: 'reject' }; // NEP-01, NEP-02, NEP-03
  const list = listInUse(family, port, frontend, packet);
  if (list.length === 0) return { action: 'drop' }; // NEP-04, NEP-05
  const endpoints = new Map(
    list.map((endpoint) => [endpoint.text, masquerade(family, port, frontend, packet, endpoint)]),
  );
  return { action: 'dnat', endpoints };
}

function masquerade(
  { node }: FamilyModel,
  port: ModelPort,
  frontend: Frontend,
  packet: Packet,
  endpoint: Endpoint,
): Masquerade {
  const isDeliveredHere = packet.origin !== 'node' && node.addresses.includes(endpoint.address);
  if (isDeliveredHere) return 'no'; // MASQ-12
  const isLocalPod = node.isLocalPod(packet);
  if (frontend === 'clusterIP') {
    if (node.masqueradeAll) return 'yes'; // MASQ-03
    if (node.canDetectPods && !isLocalPod) return 'yes'; // MASQ-02, MASQ-04
  } else {
    if (!port.isExternalLocal) return 'yes'; // MASQ-05
    const isShortCircuit = node.addresses.includes(packet.sourceIP) && !isLocalPod;
    if (isShortCircuit) return 'yes'; // MASQ-08; else MASQ-06, MASQ-07
  }
  return hairpin(packet, endpoint);
}

/** MASQ-09. Upstream knows it for endpoints of this node only (MASQ-10): where both ways are right, either is. */
function hairpin(packet: Packet, endpoint: Endpoint): Masquerade {
  if (packet.sourceIP !== endpoint.address) return 'no';
  const isElsewhere = endpoint.nodeName !== undefined && !endpoint.isLocal;
  return isElsewhere ? 'either' : 'yes';
}

/** Section 13. ICM-01, ICM-02: the same for echo requests. */
function withoutFrontend({ ports, serviceCIDRs }: FamilyModel, { destIP }: Packet): Decision {
  if (ports.some(({ clusterIP }) => clusterIP === destIP)) return { action: 'reject' }; // CIP-01, CIP-02, CIP-07
  if (isInAny(serviceCIDRs, destIP)) return { action: 'drop' }; // CIP-03
  return { action: 'none' }; // VIP-09, CIP-08
}
