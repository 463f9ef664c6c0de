/** What must become of packets in a story: by hand, by the reference model and by the pipeline. */
import type { ExecutionContext } from 'ava';
import { agrees, decisionText } from '../reference/compare.ts';
import { decideOnTable } from '../reference/decide-on-table.ts';
import { familyOf } from '../reference/model/addresses.ts';
import { decide } from '../reference/model/decide.ts';
import { modelOf } from '../reference/model/model.ts';
import { programmed } from '../reference/programmed.ts';
import type { Decision, Masquerade, Packet } from '../reference/situation.ts';
import { PODS, type Story, situationOf } from './story.ts';

const SOURCES = {
  pod: { origin: 'local-pod', sourceIP: '10.64.1.20' },
  A: { origin: 'local-pod', sourceIP: PODS.A.address },
  B: { origin: 'remote-pod', sourceIP: PODS.B.address },
  'remote-pod': { origin: 'remote-pod', sourceIP: '10.64.3.20' },
  client: { origin: 'external', sourceIP: '203.0.113.50' },
  'far-client': { origin: 'external', sourceIP: '203.0.113.200' },
  'other-node': { origin: 'external', sourceIP: '192.0.2.12' },
  node: { origin: 'node', sourceIP: '192.0.2.11' },
  'node-as-vip': { origin: 'node', sourceIP: '198.51.100.10' },
  'node-as-pod': { origin: 'node', sourceIP: '10.64.1.1' },
  loopback: { origin: 'node', sourceIP: '127.0.0.1' },
  'pod-by-cni0': { origin: 'local-pod', sourceIP: '10.64.1.20', inInterface: 'cni0' },
  'client-by-cni0': { origin: 'local-pod', sourceIP: '203.0.113.50', inInterface: 'cni0' },
  'pod-by-veth': { origin: 'local-pod', sourceIP: '10.64.1.20', inInterface: 'veth' },
  'pod-by-eth0': { origin: 'remote-pod', sourceIP: '10.64.3.20', inInterface: 'eth0' },
} as const satisfies Record<string, Pick<Packet, 'origin' | 'sourceIP' | 'inInterface'>>;

const DESTINATIONS = {
  clusterIP: '10.112.0.10:80',
  nodePort: '192.0.2.11:30080',
  'nodePort-secondary': '192.0.2.211:30080',
  'nodePort-loopback': '127.0.0.1:30080',
  'nodePort-vip': '198.51.100.10:30080',
  externalIP: '198.18.5.10:80',
  vip: '198.51.100.10:80',
} as const;

/**
 * Expected decisions by flow. A flow is `source > destination`, by the names above or with a destination such as
 * `10.112.0.10:81/UDP` or `10.112.0.10/ICMP`. A decision is `reject`, `drop`, `none`, or the endpoints, by pod or as
 * `address:port`, with a star for those that see another source than the client's.
 */
export type Flows = Readonly<Record<string, string>>;

/** The same decision for several destinations. */
export function each(source: string, destinations: readonly string[], decision: string): Flows {
  return Object.fromEntries(destinations.map((destination) => [`${source} > ${destination}`, decision]));
}

export function decides(t: ExecutionContext, story: Story, flows: Flows): void {
  becomes(t, undefined, story, flows);
}

/** As {@link decides}, but the cluster was as in `before` first. */
export function becomes(t: ExecutionContext, before: Story | undefined, story: Story, flows: Flows): void {
  const situation = situationOf(story);
  const model = modelOf(situation);
  const nodes = programmed(situation, before && situationOf(before));
  for (const [flow, text] of Object.entries(flows)) {
    const packet = packetOf(flow);
    const expected = decisionOf(text);
    const seen = decideOnTable(nodes[familyOf(packet.destIP)], packet);
    t.is(decisionText(seen), decisionText(expected), flow);
    t.true(agrees(decide(model, packet), expected), `by the reference model: ${flow}`);
  }
}

function packetOf(flow: string): Packet {
  const [source = '', destination = ''] = flow.split(' > ');
  return {
    ...named(SOURCES, source),
    ...destinationOf(isIn(DESTINATIONS, destination) ? DESTINATIONS[destination] : destination),
  };
}

function destinationOf(text: string): Pick<Packet, 'protocol' | 'destIP' | 'destPort'> {
  const [, destIP = '', port, protocol = 'TCP'] = /^([\d.]+)(?::(\d+))?(?:\/(\w+))?$/.exec(text) ?? [];
  if (protocol === 'ICMP') return { protocol, destIP };
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') throw new Error(`what is "${text}"?`);
  return { protocol, destIP, destPort: Number(port) };
}

function decisionOf(text: string): Decision {
  if (text === 'reject' || text === 'drop' || text === 'none') return { action: text };
  const endpoints = text.split(' ').map((word): [string, Masquerade] => {
    const name = word.replace('*', '');
    return [isIn(PODS, name) ? `${PODS[name].address}:8080` : name, word.endsWith('*') ? 'yes' : 'no'];
  });
  return { action: 'dnat', endpoints: new Map(endpoints) };
}

function isIn<Names extends object>(names: Names, name: string): name is keyof Names & string {
  return Object.hasOwn(names, name);
}

function named<Names extends object>(names: Names, name: string): Names[keyof Names] {
  if (isIn(names, name)) return names[name];
  throw new Error(`what is "${name}"?`);
}
