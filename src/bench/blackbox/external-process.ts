/**
 * The process between the nodes and an API server that is there already: a real one, or any other. It has the objects made over
 * HTTP and deletes them when it ends. Talks with child.ts; its argument is the kubeconfig file.
 */
import { connect } from 'node:net';
import { type Cluster, KubeConfig } from '@kubernetes/client-node';
import { serve } from '../../process/serve.ts';
import { monotonic } from '../source/clock.ts';
import { DOOR_ADDRESS, DOOR_PORT, Door } from './door.ts';
import { ExternalCluster } from './external-cluster.ts';
import type { ClusterCommands, NodePlace } from './messages.ts';

const config = new KubeConfig();
config.loadFromFile(process.argv[2] ?? '');
const cluster = clusterOf(config);
const server = new URL(cluster.server);
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };
const port = Number(server.port || DEFAULT_PORTS[server.protocol]);
// An IPv6 address has brackets in a URL.
const host = server.hostname.replace(/^\[|\]$/g, '');

const objects = new ExternalCluster(configFor(withoutTls(cluster)));

let door: Door | undefined;

/** The bytes go through as they are: the daemon itself proves who it is, and checks who the server is. */
function admit(place: NodePlace): string {
  door?.close();
  door = new Door(place, (socket) => {
    const upstream = connect({ host, port, noDelay: true });
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  return kubeconfigAtDoor();
}

/** The same file, but for the address; a certificate is checked against the name of the server. */
function kubeconfigAtDoor(): string {
  const address = `${server.protocol}//${DOOR_ADDRESS}:${DOOR_PORT}${server.pathname.replace(/\/$/, '')}`;
  return configFor({
    ...cluster,
    server: address,
    tlsServerName: cluster.tlsServerName ?? host,
  }).exportConfig();
}

function clusterOf(config: KubeConfig): Cluster {
  const found = config.getCurrentCluster();
  if (found === null) throw new Error(`${process.argv[2]}: its current context has no cluster`);
  return found;
}

/** The library wants to be told that there is no certificate to check where there is no TLS. */
function withoutTls(cluster: Cluster): Cluster {
  return cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster;
}

/** The configuration with this in place of the cluster of its current context. */
function configFor(changed: Cluster): KubeConfig {
  const other = new KubeConfig();
  other.loadFromOptions({
    clusters: [changed],
    users: config.getUsers(),
    contexts: config.getContexts(),
    currentContext: config.getCurrentContext(),
  });
  return other;
}

// Ctrl-C goes to all processes of a terminal: this one ends when the benchmark does, after it has cleaned up.
process.on('SIGINT', () => {});

serve<ClusterCommands>(
  {
    fill: (size) => objects.fill(size),
    admit,
    replace: async ({ service, endpoint }) => {
      const askedAt = monotonic();
      await objects.replace(service, endpoint);
      return askedAt;
    },
  },
  undefined,
  () => objects.empty(),
);
