import { randomBytes } from 'node:crypto';
import { IP, NFT, run } from '../../lab/command.ts';
import { ipBatch, runInside } from '../../lab/namespaces.ts';
import { createNetwork, type Host, type Network } from '../../lab/network.ts';
import { removeNamespace } from '../common/namespace.ts';
import { ENDPOINT_CIDR } from './addresses.ts';

/** Where clients are. */
export const ORIGINS = ['pod', 'node', 'outside'] as const;

export type Origin = (typeof ORIGINS)[number];

/** The addresses that clients connect from: each has ports of its own, so that there are always enough. */
export const SOURCES = { pod: '10.244.16.0', node: '172.30.0.0', outside: '172.16.0.0' } as const;
export const SOURCES_COUNT = 16;
const SOURCES_LENGTH = 28;

/**
 * A node with a pod that is the client, a pod that is the server and has all endpoint addresses, and a host outside,
 * each a network namespace (see lab/network.ts).
 */
export interface PathNetwork {
  readonly node: Host;
  readonly server: Host;
  readonly origins: Readonly<Record<Origin, Host>>;
  remove(): Promise<void>;
}

/** Builds a network. On failure nothing of it is left. */
export async function openNetwork(): Promise<PathNetwork> {
  const network = await createNetwork(`np-bench-${process.pid}-${randomBytes(3).toString('hex')}`, 1);
  const removeNow = (): void => {
    for (const { namespace } of network.hosts) removeNamespace(namespace);
  };
  // Also runs when a signal or an uncaught error ends the process; see exitOnSignals().
  process.once('exit', removeNow);
  const remove = async (): Promise<void> => {
    process.off('exit', removeNow);
    await network.remove();
  };
  try {
    return { ...(await prepare(network)), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function prepare(network: Network): Promise<Omit<PathNetwork, 'remove'>> {
  const { node, client, outside, pods } = network;
  const [server] = pods;
  if (server === undefined) throw new Error('the network has no pod');
  const origins = { pod: client, node, outside };
  await ipBatch([`route add local ${ENDPOINT_CIDR} dev lo`], server.namespace);
  await ipBatch([`route add ${ENDPOINT_CIDR} via ${node.IPv4}`], outside.namespace);
  for (const origin of ORIGINS) {
    const { namespace } = origins[origin];
    await ipBatch([`route add local ${SOURCES[origin]}/${SOURCES_LENGTH} dev lo`], namespace);
    await set(namespace, CLIENT_SYSCTLS);
  }
  await ipBatch(
    [
      `route add ${ENDPOINT_CIDR} via ${server.IPv4} dev ${server.name}`,
      `route add ${SOURCES.pod}/${SOURCES_LENGTH} via ${client.IPv4} dev ${client.name}`,
      `route add ${SOURCES.outside}/${SOURCES_LENGTH} via ${outside.IPv4}`,
    ],
    node.namespace,
  );
  await set(node.namespace, NODE_SYSCTLS);
  return { node, server, origins };
}

/**
 * Entries of ended connections go after a second, not after 10 and 30: the table stays small, and a port that comes round again
 * is a new connection.
 */
const NODE_SYSCTLS = {
  'netfilter/nf_conntrack_tcp_timeout_close': '1',
  'netfilter/nf_conntrack_udp_timeout': '1',
  'netfilter/nf_conntrack_udp_timeout_stream': '1',
};

const CLIENT_SYSCTLS = { 'ipv4/ip_local_port_range': '1024 65535' };

async function set(namespace: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `echo ${value} > /proc/sys/net/${name}`);
  await runInside(namespace, '/bin/sh', '-ec', lines.join('\n'));
}

/** Makes a node track connections and run chains that could translate them: what any service proxy of netfilter needs. */
export async function trackConnections({ node }: PathNetwork): Promise<void> {
  await run(IP, ['netns', 'exec', node.namespace, NFT, '-f', '-'], TRACKING_TABLE);
}

/** Connections are tracked because of the rule that would translate; nothing is ever sent there. */
const TRACKING_TABLE = `table ip np-bench {
  chain prerouting { type nat hook prerouting priority dstnat; }
  chain output { type nat hook output priority -100; }
  chain postrouting {
    type nat hook postrouting priority srcnat
    ip daddr 0.0.0.1 masquerade
  }
}
`;
