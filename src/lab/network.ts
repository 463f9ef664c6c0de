import { addNamespaces, ipBatch, removeNamespaces, runInside } from './namespaces.ts';

/**
 * A small network of namespaces: a node, pods behind it, and a host outside. It has no link to the machine's own
 * network, and nothing of it is ever visible there.
 *
 *     pod-1 ... pod-N, client            outside
 *       | eth0   10.244.1.x                 | eth0  172.31.0.9
 *       +---------- node (router) ----------+
 *            10.244.1.1      172.31.0.2
 *
 * Pods reach everything through the node, as with the usual point-to-point plugins. The node's default route goes
 * outside, so that its own requests to a cluster IP have a route before they are translated.
 */
export interface Network {
  readonly node: Host;
  readonly pods: readonly Host[];
  readonly client: Host;
  readonly outside: Host;
  readonly hosts: readonly Host[];
  remove(): Promise<void>;
}

export interface Host {
  /** Its role: `node`, `pod-1`, `client`, `outside`. */
  readonly name: string;
  readonly namespace: string;
  readonly IPv4: string;
  readonly IPv6: string;
}

/** The pods' addresses, in the form of --cluster-cidr. */
export const POD_CIDRS = ['10.244.0.0/16', 'fd00:10:244::/48'] as const;
/** Not on any interface: what is sent there reaches the node and must be translated. */
export const CLUSTER_IP_CIDRS = ['10.96.0.0/16', 'fd00:10:96::/112'] as const;

/** Addresses that a load balancer gives; hosts outside reach them through the node. */
const LOAD_BALANCER_CIDRS = ['198.51.100.0/24', '2001:db8:51::/64'] as const;

/** The node's side of every pod's link. */
export const GATEWAY = { IPv4: '10.244.1.1', IPv6: 'fd00:10:244:1::1' } as const;

const FIRST_POD = 10;
const CLIENT = 9;

/** Builds the network; every namespace is named `PREFIX-ROLE`. On failure nothing of it is left. */
export async function createNetwork(prefix: string, podCount: number): Promise<Network> {
  const pods = Array.from({ length: podCount }, (_, index) =>
    podHost(prefix, `pod-${index + 1}`, FIRST_POD + index),
  );
  const client = podHost(prefix, 'client', CLIENT);
  const node = { name: 'node', namespace: `${prefix}-node`, IPv4: '172.31.0.2', IPv6: 'fd00:172:31::2' };
  const outside = {
    name: 'outside',
    namespace: `${prefix}-outside`,
    IPv4: '172.31.0.9',
    IPv6: 'fd00:172:31::9',
  };
  const hosts = [node, ...pods, client, outside];
  const namespaces = hosts.map((host) => host.namespace);
  const remove = (): Promise<void> => removeNamespaces(namespaces);
  try {
    await addNamespaces(namespaces);
    await makeRouter(node);
    await ipBatch(
      [...[...pods, client].flatMap(podLinkLines), ...uplinkLines(node, outside)],
      node.namespace,
    );
    await Promise.all([...[...pods, client].map(configurePod), configureOutside(node, outside)]);
  } catch (error) {
    await remove();
    throw error;
  }
  return { node, pods, client, outside, hosts, remove };
}

/**
 * Gives a pod a whole range of addresses: it answers on each as on its own, and the node routes the range to it.
 * Thousands of endpoints need no more than that.
 */
export async function addRange(network: Network, pod: Host, cidr: string): Promise<void> {
  const via = cidr.includes(':') ? pod.IPv6 : pod.IPv4;
  await ipBatch([`route add local ${cidr} dev lo`], pod.namespace);
  // IPv4 lets a socket be bound to an address that only a route makes local; IPv6 has to be told.
  await setSysctls(pod, { 'ipv6/ip_nonlocal_bind': 1 });
  await ipBatch([`route add ${cidr} via ${via} dev ${pod.name}`], network.node.namespace);
}

function podHost(prefix: string, name: string, number: number): Host {
  const IPv6 = `fd00:10:244:1::${number}`;
  return { name, namespace: `${prefix}-${name}`, IPv4: `10.244.1.${number}`, IPv6 };
}

async function makeRouter(node: Host): Promise<void> {
  await setSysctls(node, {
    'ipv4/ip_forward': 1,
    'ipv6/conf/all/forwarding': 1,
    // A reply may leave by another interface than its request came in by.
    'ipv4/conf/all/rp_filter': 0,
    'ipv4/conf/default/rp_filter': 0,
    // Without this, link-local addresses are tentative for a second or two, and nothing is forwarded meanwhile.
    'ipv6/conf/default/accept_dad': 0,
    // Each refused request is told so; by default the kernel throttles these errors.
    'ipv4/icmp_ratelimit': 0,
    'ipv6/icmp/ratelimit': 0,
    // The default route leads back to where requests from outside come from; no need to tell them.
    'ipv4/conf/all/send_redirects': 0,
    'ipv4/conf/default/send_redirects': 0,
  });
}

async function setSysctls({ namespace }: Host, settings: Readonly<Record<string, number>>): Promise<void> {
  const script = Object.entries(settings).map(([name, value]) => `echo ${value} > /proc/sys/net/${name}`);
  await runInside(namespace, '/bin/sh', '-ec', script.join('\n'));
}

/** Run in the node. `nodad`: an IPv6 address is usable at once, not after duplicate detection. */
function podLinkLines({ name, namespace, IPv4, IPv6 }: Host): string[] {
  return [
    `link add ${name} type veth peer name eth0 netns ${namespace}`,
    ...linkLocalLines(name),
    `link set ${name} up`,
    `addr add ${GATEWAY.IPv4}/32 dev ${name}`,
    `addr add ${GATEWAY.IPv6}/128 dev ${name} nodad`,
    `route add ${IPv4}/32 dev ${name}`,
    `route add ${IPv6}/128 dev ${name}`,
  ];
}

/**
 * A link-local address that needs no duplicate detection: until a router has one it does not look for the hosts of
 * the link, and the first packets would wait for a second.
 */
function linkLocalLines(name: string): string[] {
  return [`link set ${name} addrgenmode none`, `addr add fe80::1/64 dev ${name} nodad`];
}

function configurePod({ namespace, IPv4, IPv6 }: Host): Promise<void> {
  const lines = [
    `addr add ${IPv4}/32 dev eth0`,
    `addr add ${IPv6}/128 dev eth0 nodad`,
    'link set eth0 up',
    `route add ${GATEWAY.IPv4} dev eth0 scope link`,
    `route add default via ${GATEWAY.IPv4}`,
    `route add ${GATEWAY.IPv6} dev eth0`,
    `route add default via ${GATEWAY.IPv6} dev eth0`,
  ];
  return ipBatch(lines, namespace);
}

function uplinkLines(node: Host, outside: Host): string[] {
  return [
    `link add uplink type veth peer name eth0 netns ${outside.namespace}`,
    ...linkLocalLines('uplink'),
    'link set uplink up',
    `addr add ${node.IPv4}/24 dev uplink`,
    `addr add ${node.IPv6}/64 dev uplink nodad`,
    `route add default via ${outside.IPv4}`,
    `route add default via ${outside.IPv6}`,
  ];
}

function configureOutside(node: Host, outside: Host): Promise<void> {
  const lines = [
    `addr add ${outside.IPv4}/24 dev eth0`,
    `addr add ${outside.IPv6}/64 dev eth0 nodad`,
    'link set eth0 up',
    ...[POD_CIDRS, CLUSTER_IP_CIDRS, LOAD_BALANCER_CIDRS].flatMap(([v4, v6]) => [
      `route add ${v4} via ${node.IPv4}`,
      `route add ${v6} via ${node.IPv6}`,
    ]),
  ];
  return ipBatch(lines, outside.namespace);
}
