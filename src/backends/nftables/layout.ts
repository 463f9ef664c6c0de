import type { FieldType, SetLayout } from '../../native/addon.ts';
import type { Family } from '../../net/address.ts';

export const TABLE = 'nodeplane';

/**
 * Slot sets are dispatched by size class: the smallest power of two that is not below their number of slots.
 *
 * Why classes: nftables can draw a random number only below a constant, so the number of slots must select a
 * rule, of which there can be only so many.
 */
export const CLASS_COUNT = 15;

/** Slots that the largest class holds; a service port with more endpoints is refused. */
export const MAX_SLOTS = 2 ** (CLASS_COUNT - 1);

/** Index of the class of a slot set with `slots` slots, 1..MAX_SLOTS. */
export function classOf(slots: number): number {
  return 32 - Math.clz32(slots - 1);
}

export function classSize(index: number): number {
  return 2 ** index;
}

/** Positions of the sets in {@link setLayouts}, by which rows name them. */
export const SET = {
  slots: 0,
  frontends: 1,
  outside: 2,
  nodePorts: 3,
  outsideNodePorts: 4,
  rejected: 5,
  dropped: 6,
  rejectedNodePorts: 7,
  droppedNodePorts: 8,
  restricted: 9,
  sources: 10,
  clusterIPs: 11,
  hairpins: 12,
  affinitySlots: 13,
  affinityEndpoints: 14,
  affinityEndpointsLocal: 15,
} as const;

/** What an element of a set is about. `word` stands for a number in the scratch register, see words.ts. */
interface SetDescription {
  readonly key: readonly FieldType[];
  readonly data: readonly FieldType[];
  readonly interval?: true;
  /** Types as nft writes them. */
  readonly type: string;
  readonly comment: string;
}

/** The sets whose elements change with the forwarding table, as the addon encodes them. The names are those of the ruleset. */
export function setLayouts(family: Family): SetLayout[] {
  return namedSets(family).map(([name, { key, data, interval }]) => ({
    name,
    key,
    data,
    ...(interval && { interval }),
  }));
}

/** The same sets in the same order, with what the ruleset says of them. */
export function namedSets(family: Family): [string, SetDescription][] {
  const ip = family === 'IPv4' ? 'ip' : 'ip6';
  const address: FieldType = family === 'IPv4' ? 'ipv4' : 'ipv6';
  const word: FieldType = 'index';
  const frontend: FieldType[] = [address, 'protocol', 'port'];
  const nodePort: FieldType[] = ['protocol', 'port'];
  const endpoint: FieldType[] = [address, 'port'];
  const frontendType = `typeof ${ip} daddr . meta l4proto . th dport`;
  const nodePortType = 'typeof meta l4proto . th dport';
  const slotType = 'typeof meta priority . numgen random mod 65536';
  const set = (type: string, key: FieldType[], comment: string): SetDescription => ({
    key,
    data: [],
    type,
    comment,
  });
  const map = (type: string, key: FieldType[], data: FieldType[], comment: string): SetDescription => ({
    key,
    data,
    type,
    comment,
  });
  return [
    [
      'slots',
      map(`${slotType} : ${ip} daddr . th dport`, [word, 'index'], endpoint, 'slot set . slot : endpoint'),
    ],
    ['frontends', map(`${frontendType} : meta priority`, frontend, [word], 'frontend : its slot set')],
    [
      'outside',
      map(`${frontendType} : meta priority`, frontend, [word], 'what outsiders get where policy is Local'),
    ],
    [
      'node-ports',
      map(`${nodePortType} : meta priority`, nodePort, [word], 'frontends on the addresses of this node'),
    ],
    [
      'outside-node-ports',
      map(`${nodePortType} : meta priority`, nodePort, [word], 'what outsiders get where policy is Local'),
    ],
    ['rejected', set(frontendType, frontend, 'frontends without endpoints')],
    ['dropped', set(frontendType, frontend, 'frontends without endpoints here, where policy is Local')],
    ['rejected-node-ports', set(nodePortType, nodePort, 'node ports without endpoints')],
    [
      'dropped-node-ports',
      set(nodePortType, nodePort, 'node ports without endpoints here, where policy is Local'),
    ],
    [
      'restricted',
      map(`${frontendType} : meta priority`, frontend, [word], 'frontend : list of those who may use it'),
    ],
    [
      'sources',
      {
        ...set(`typeof meta priority . ${ip} saddr`, [word, address], 'list . range of those who may use it'),
        interval: true,
      },
    ],
    ['cluster-ips', set(`typeof ${ip} daddr`, [address], 'cluster IPs of all services')],
    [
      'hairpin',
      set(`typeof ${ip} saddr . ${ip} daddr`, [address, address], 'endpoints here, talking to themselves'),
    ],
    [
      'affinity-slots',
      map(`${slotType} : meta priority`, [word, 'index'], [word], 'slot set . slot : number of the endpoint'),
    ],
    [
      'affinity-endpoints',
      map(`typeof meta priority : ${ip} daddr . th dport`, [word], endpoint, 'number : endpoint'),
    ],
    [
      'affinity-endpoints-local',
      map(`typeof meta priority : ${ip} daddr . th dport`, [word], endpoint, 'the same, of this node alone'),
    ],
  ];
}
