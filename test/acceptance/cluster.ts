/**
 * A whole cluster of one node: an embedded API server, the real kubectl, the parts of the daemon in this process, and
 * packets in namespaces of the test's own.
 */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExecutionContext } from 'ava';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../src/apiserver/server.ts';
import { KubernetesSource } from '../../src/kubernetes/kubernetes-source.ts';
import { describeProblem } from '../../src/kubernetes/problem.ts';
import type { Timings } from '../../src/kubernetes/timings.ts';
import { addRange, POD_CIDRS } from '../../src/lab/network.ts';
import { FAMILIES } from '../../src/net/address.ts';
import { type TestNetwork, testNetwork } from '../helpers/netns.ts';
import { expectedElements, judgedElements } from '../helpers/nft-judge.ts';
import { type NodeUnderTest, openNode, TARGET_PORT } from '../helpers/node-under-test.ts';
import { type Kubectl, kubectlFor } from './kubectl.ts';
import { ENDPOINT_RANGES, endpointAddress, LAST_ENDPOINT } from './objects.ts';

/** nodeplane on the node, following a server. */
export interface Daemon extends NodeUnderTest {
  /** Resolves when the first complete state is in the kernel. */
  readonly synced: Promise<void>;
  /** What the source could not do, as it would be in the log. */
  readonly problems: readonly string[];
}

export interface Cluster {
  readonly network: TestNetwork;
  readonly server: ApiServer;
  readonly kubectl: Kubectl;
  readonly daemon: Daemon;
}

/** Short enough for tests, long enough for a busy machine. */
const QUICK: Partial<Timings> = {
  answer: 20_000,
  firstBackoff: 20,
  longestBackoff: 200,
  calm: 2000,
  shortWatch: 100,
  betweenLists: 100,
};

export interface ClusterOptions {
  readonly server?: ApiServerOptions;
  readonly timings?: Partial<Timings>;
}

/** Starts all of it; the node is in sync. */
export async function startCluster(t: ExecutionContext, options: ClusterOptions = {}): Promise<Cluster> {
  const [network, server] = await Promise.all([startNetwork(t), startServer(t, options.server)]);
  const kubectl = kubectlFor(t, server.kubeconfig());
  const daemon = startDaemon(t, network, kubectl.kubeconfig, options.timings);
  await daemon.synced;
  return { network, server, kubectl, daemon };
}

export async function startServer(t: ExecutionContext, options: ApiServerOptions = {}): Promise<ApiServer> {
  const server = await startApiServer(options);
  t.teardown(() => server.close());
  return server;
}

export function portOf(server: ApiServer): number {
  return Number(new URL(server.url).port);
}

/** A network whose one pod answers for all endpoints, each by its address. */
export async function startNetwork(t: ExecutionContext): Promise<TestNetwork> {
  const network = await testNetwork(t, 1);
  const [pod = network.client] = network.pods;
  await Promise.all(ENDPOINT_RANGES.map((cidr) => addRange(network, pod, cidr)));
  const numbers = Array.from({ length: LAST_ENDPOINT }, (_, index) => index + 1);
  const addresses = FAMILIES.flatMap((family) => numbers.map((number) => endpointAddress(family, number)));
  await network.agent(pod).listen({ protocol: 'TCP', addresses, port: TARGET_PORT, name: '{address}' });
  return network;
}

/** Follows the server that a kubeconfig names, until it is closed or the test ends. */
export function startDaemon(
  t: ExecutionContext,
  network: TestNetwork,
  kubeconfig: string,
  timings: Partial<Timings> = {},
): Daemon {
  const node = openNode(network, POD_CIDRS);
  const problems: string[] = [];
  const source = new KubernetesSource({
    nodeName: 'node',
    kubeconfig,
    timings: { ...QUICK, ...timings },
    onEvents: (events) => node.pipeline.apply(events),
    onProblem: (problem) => problems.push(describeProblem(problem)),
  });
  const started = source.start();
  const synced = started.then(() => node.pipeline.settled());
  // A daemon that is closed before is no failure.
  synced.catch(() => {});
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    source.close();
    node.close();
  };
  t.teardown(close);
  return { ...node, close, synced, problems };
}

/** A path for a server's state. */
export function stateFile(t: ExecutionContext): string {
  const file = path.join(tmpdir(), `nodeplane-acceptance-${randomUUID()}`);
  t.teardown(() => rmSync(file, { force: true }));
  return file;
}

/** Frontends that were written since a delta, sorted, each once. */
export function writtenSince({ deltas }: Daemon, first: number): string[] {
  const keys = deltas.slice(first).flatMap((delta) => delta.frontends.map((change) => change.key));
  return [...new Set(keys)].sort();
}

/** What the nft program reads from the kernel is what the daemon wants, element by element. */
export async function kernelAgrees(t: ExecutionContext, { network, daemon }: Cluster): Promise<void> {
  await daemon.pipeline.settled();
  for (const family of FAMILIES) {
    const wanted = daemon.pipeline.wanted(family);
    if (wanted === undefined) throw new Error(`${family} is not served`);
    t.deepEqual(await judgedElements(network.node.namespace, family), expectedElements(wanted));
  }
}
