/** The process with the embedded API server: what the daemon is not to be charged for. Talks with child.ts. */
import { setTimeout as delay } from 'node:timers/promises';
import { type ApiServer, startApiServer } from '../../apiserver/server.ts';
import { serve } from '../../process/serve.ts';
import { cpuTime, monotonic } from './clock.ts';
import { ServerCluster } from './cluster.ts';
import type { ClusterSize, ServerCommands } from './messages.ts';

/** Before each single change: long enough for the daemon to be idle again. */
const PAUSE_MS = 2;

/** What the daemon follows; see resourcesOf() in src/kubernetes. */
const FOLLOWED = [
  '/api/v1/services',
  '/apis/discovery.k8s.io/v1/endpointslices',
  '/apis/networking.k8s.io/v1/servicecidrs',
  '/api/v1/nodes',
];

let filled: ServerCluster | undefined;

function cluster(): ServerCluster {
  if (filled === undefined) throw new Error('fill first');
  return filled;
}

async function fill(size: ClusterSize): Promise<string> {
  const server = await startApiServer({
    hasEndpointSliceController: false,
    // A bookmark in the middle of a change would be taken for its first bytes.
    bookmarkIntervalMs: 3_600_000,
  });
  filled = new ServerCluster(server.store, size);
  filled.createAll();
  await listOnce(server);
  return server.url;
}

/** Encodes everything, which a server does once for all its clients; and compiles the code that lists. */
async function listOnce({ url }: ApiServer): Promise<void> {
  const query =
    'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1';
  const headers = { accept: 'application/vnd.kubernetes.protobuf' };
  const bodies = FOLLOWED.map(async (path) => (await fetch(`${url}${path}?${query}`, { headers })).bytes());
  await Promise.all(bodies);
}

/** The time is taken when the frame is in the connection's buffer: its `write` to the kernel comes right after. */
async function change(count: number): Promise<number[]> {
  const sentAt: number[] = [];
  while (sentAt.length < count) {
    await delay(PAUSE_MS);
    cluster().change();
    sentAt.push(monotonic());
  }
  return sentAt;
}

function burst(count: number): number {
  cluster().burst(count);
  return monotonic();
}

serve<ServerCommands>({
  fill,
  cpu: cpuTime,
  change: ({ count }) => change(count),
  burst: ({ count }) => burst(count),
});
