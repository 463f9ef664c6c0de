/**
 * The process between the nodes and an API server that is there already: a real one, or any other. It has the objects made over
 * HTTP and deletes them when it ends. Talks with child.ts; its argument is the kubeconfig file.
 */
import { connect } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { serve } from '../../process/serve.ts';
import { monotonic } from '../source/clock.ts';
import { DOOR_ADDRESS, DOOR_PORT, Door } from './door.ts';
import { ExternalCluster } from './external-cluster.ts';
import type { ClusterCommands, NodePlace } from './messages.ts';

const config = new KubeConfig();
config.loadFromFile(process.argv[2] ?? '');
const found = config.getCurrentCluster();
if (found === null) throw new Error(`${process.argv[2]}: has no cluster in its current context`);
const cluster = found;
const server = new URL(cluster.server);
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };
const port = Number(server.port || DEFAULT_PORTS[server.protocol]);
// An IPv6 address has brackets in a URL.
const host = server.hostname.replace(/^\[|\]$/g, '');

const objects = new ExternalCluster(config);

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
  const atDoor = new KubeConfig();
  const address = `${server.protocol}//${DOOR_ADDRESS}:${DOOR_PORT}${server.pathname.replace(/\/$/, '')}`;
  const moved = { ...cluster, server: address, tlsServerName: cluster.tlsServerName ?? host };
  atDoor.loadFromOptions({
    clusters: [moved],
    users: config.getUsers(),
    contexts: config.getContexts(),
    currentContext: config.getCurrentContext(),
  });
  return atDoor.exportConfig();
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
