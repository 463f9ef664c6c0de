import type { Protocol } from '../api/objects.ts';
import { cidrText, contains, hostCidr, withoutNested } from '../net/cidr.ts';
import type { ServedEndpoint, ServedPort } from '../services/served-port.ts';
import {
  DROP,
  type Frontend,
  frontendKey,
  type ListName,
  REJECT,
  type SlotSet,
  type SourceList,
  slotSetKey,
  type Target,
} from './frontend.ts';
import { clusterList, hasUsable, localList } from './selection.ts';
import type { ThisNode } from './this-node.ts';

/** What one service port adds to the forwarding table of its family. */
export interface Contribution {
  readonly frontends: readonly Frontend[];
  /** Those that the frontends forward to, at most one for each list. */
  readonly slotSets: readonly SlotSet[];
  readonly sourceList: SourceList | undefined;
  readonly clusterIP: string | undefined;
  /** Addresses of endpoints that may be on this node, whose traffic to themselves is masqueraded (MASQ-09). */
  readonly hairpins: ReadonlySet<string>;
}

const NO_HAIRPINS: ReadonlySet<string> = new Set();

const NOTHING: Contribution = {
  frontends: [],
  slotSets: [],
  sourceList: undefined,
  clusterIP: undefined,
  hairpins: NO_HAIRPINS,
};

/** The rules of the spec as a function: one service port in, its entries out. Pure; called for the old and the new state. */
export function contributionOf(port: ServedPort | undefined, node: ThisNode): Contribution {
  if (port === undefined) return NOTHING;
  const lists = new EndpointLists(port, node);
  const sourceList = sourceListOf(port, node);
  return {
    // Before the slot sets: they are those of the lists that frontends ask for.
    frontends: [clusterIPFrontend(port, lists), ...externalFrontends(port, lists, sourceList)],
    slotSets: lists.slotSets(),
    sourceList,
    clusterIP: port.clusterIP,
    hairpins: lists.hairpins(),
  };
}

/** The two lists of a service port, each made when first asked for (SEL-08): what nobody uses is not programmed. */
class EndpointLists {
  readonly #port: ServedPort;
  readonly #node: ThisNode;
  #cluster: readonly ServedEndpoint[] | undefined;
  #local: readonly ServedEndpoint[] | undefined;

  constructor(port: ServedPort, node: ThisNode) {
    this.#port = port;
    this.#node = node;
  }

  /** To the Cluster list. It is empty only if no endpoint can be used (SEL-09, NEP-01). */
  clusterTarget(): Target {
    this.#cluster ??= clusterList(this.#port.endpoints, this.#node);
    return this.#cluster.length === 0 ? REJECT : this.#forward('cluster');
  }

  /** To the Local list; there is no way from it to other nodes (ITP-02, NEP-04, NEP-05). */
  localTarget(): Target {
    this.#local ??= localList(this.#port.endpoints, this.#node);
    if (this.#local.length > 0) return this.#forward('local');
    return hasUsable(this.#port.endpoints) ? DROP : REJECT;
  }

  /** Of the lists that were asked for. */
  slotSets(): readonly SlotSet[] {
    const cluster = this.#slotSet('cluster', this.#cluster);
    const local = this.#slotSet('local', this.#local);
    if (cluster === undefined) return local === undefined ? [] : [local];
    return local === undefined ? [cluster] : [cluster, local];
  }

  /**
   * Only a pod of this node can send itself a packet through this kernel. Endpoints without a node name may be
   * such pods too (MASQ-10, better than upstream), those of other nodes can not.
   */
  hairpins(): ReadonlySet<string> {
    const addresses = hairpinsOf(this.#cluster, this.#node, NO_HAIRPINS);
    return hairpinsOf(this.#local, this.#node, addresses);
  }

  #slotSet(list: ListName, endpoints: readonly ServedEndpoint[] = []): SlotSet | undefined {
    if (endpoints.length === 0) return undefined;
    return {
      key: slotSetKey(this.#port.id, list),
      endpoints: endpoints.map(({ endpoint }) => endpoint),
      affinitySeconds: this.#port.traits.affinitySeconds,
    };
  }

  #forward(list: ListName): Target {
    return { action: 'forward', slotSet: slotSetKey(this.#port.id, list) };
  }
}

/** VIP-01, with the internal policy (VIP-08, ITP-01). */
function clusterIPFrontend(port: ServedPort, lists: EndpointLists): Frontend {
  const inside = port.traits.internalPolicy === 'Local' ? lists.localTarget() : lists.clusterTarget();
  return frontend(port.clusterIP, port.protocol, port.port, { inside, outside: undefined });
}

/** Load-balancer addresses, external IPs and the node port (VIP-02 to VIP-04), with the external policy. */
function externalFrontends(
  port: ServedPort,
  lists: EndpointLists,
  sourceList: SourceList | undefined,
): Frontend[] {
  const { traits, nodePort, protocol } = port;
  const { loadBalancerIPs, externalIPs } = traits;
  if (nodePort === 0 && loadBalancerIPs.length === 0 && externalIPs.length === 0) return [];
  const targets = externalTargets(port, lists);
  const frontends = loadBalancerIPs.map((address) =>
    frontend(address, protocol, port.port, targets, sourceList?.key),
  );
  for (const address of externalIPs) {
    if (loadBalancerIPs.includes(address)) continue;
    frontends.push(frontend(address, protocol, port.port, targets));
  }
  if (nodePort !== 0) frontends.push(frontend(undefined, protocol, nodePort, targets));
  return frontends;
}

type Targets = Pick<Frontend, 'inside' | 'outside'>;

/** With policy Local, pods and processes of this node still get the Cluster list (ETP-02, ETP-03). */
function externalTargets({ traits }: ServedPort, lists: EndpointLists): Targets {
  const inside = lists.clusterTarget();
  if (traits.externalPolicy === 'Cluster' || inside.action === 'reject')
    return { inside, outside: undefined };
  return { inside, outside: lists.localTarget() };
}

function frontend(
  address: string | undefined,
  protocol: Protocol,
  port: number,
  { inside, outside }: Targets,
  sourceList?: string,
): Frontend {
  return { key: frontendKey(address, protocol, port), address, protocol, port, inside, outside, sourceList };
}

/**
 * The sources that may use the load-balancer addresses. If the node itself may, so may these addresses: a node that
 * talks to a load-balancer address of its own uses it as source (LB-05).
 */
function sourceListOf({ id, traits }: ServedPort, node: ThisNode): SourceList | undefined {
  const { sourceRanges, loadBalancerIPs } = traits;
  if (sourceRanges.length === 0 || loadBalancerIPs.length === 0) return undefined;
  const { primaryAddress } = node;
  const admitsNode =
    primaryAddress !== undefined && sourceRanges.some((range) => contains(range, primaryAddress));
  const ranges = admitsNode ? [...sourceRanges, ...loadBalancerIPs.map(hostCidr)] : sourceRanges;
  return { key: `${id} sources`, ranges: withoutNested(ranges).map(cidrText) };
}

/** Adds those of a list. Most service ports have none, and they all share one empty set. */
function hairpinsOf(
  endpoints: readonly ServedEndpoint[] = [],
  node: ThisNode,
  known: ReadonlySet<string>,
): ReadonlySet<string> {
  const isLocal = ({ nodeName }: ServedEndpoint) => nodeName === undefined || nodeName === node.name;
  if (!endpoints.some(isLocal)) return known;
  return known.union(new Set(endpoints.filter(isLocal).map(({ address }) => address)));
}
