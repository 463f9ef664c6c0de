import type { Endpoint, ObjectEvent, Protocol } from '../../src/api/objects.ts';
import type { Backend } from '../../src/backends/backend.ts';
import {
  KERNEL_BACKENDS,
  type KernelBackendName,
  openKernelBackend,
} from '../../src/backends/kernel-backend.ts';
import { readProxyConfig } from '../../src/config/read-proxy-config.ts';
import type { Delta } from '../../src/delta/delta.ts';
import type { Host } from '../../src/lab/network.ts';
import { FAMILIES, type Family } from '../../src/net/address.ts';
import { Pipeline } from '../../src/pipeline.ts';
import type { TestNetwork } from './netns.ts';
import { put, service, slice } from './objects.ts';

/** The port that the servers in the pods listen on. */
export const TARGET_PORT = 8080;

/**
 * Which backend the node has. Tests of what every backend does are written once: test/kernel/ebpf has files that set the
 * variable and import them.
 */
export const BACKEND = readBackend(process.env['NODEPLANE_TEST_BACKEND'] ?? 'nftables');

function readBackend(name: string): KernelBackendName {
  const found = KERNEL_BACKENDS.find((it) => it === name);
  if (found === undefined) throw new Error(`NODEPLANE_TEST_BACKEND: there is no backend "${name}"`);
  return found;
}

/** nodeplane as the daemon runs it, on the node of a test network. */
export interface NodeUnderTest {
  readonly pipeline: Pipeline;
  /** Deltas that were committed, in order. */
  readonly deltas: Delta[];
  /** Applies events and waits until they are in the kernel. */
  apply(events: readonly ObjectEvent[]): Promise<void>;
  close(): void;
}

/** Starts it; `firstEvents` are the complete initial state. */
export async function startNode(
  network: Pick<TestNetwork, 'node'>,
  podCIDRs: readonly string[],
  firstEvents: readonly ObjectEvent[] = [],
): Promise<NodeUnderTest> {
  const node = openNode(network, podCIDRs);
  await node.apply(firstEvents);
  return node;
}

/** The same without any event so far: the first ones that are applied are the complete initial state. */
export function openNode({ node }: Pick<TestNetwork, 'node'>, podCIDRs: readonly string[]): NodeUnderTest {
  const { namespace } = node;
  const backends = FAMILIES.map((family) => openKernelBackend(BACKEND, family, { namespace }).backend);
  return nodeOver(backends, podCIDRs);
}

/** The same over backends, which are closed with it. */
export function nodeOver(backends: readonly Backend[], podCIDRs: readonly string[]): NodeUnderTest {
  const deltas: Delta[] = [];
  const fail = ({ error }: { error: unknown }): void => {
    throw error;
  };
  const pipeline = new Pipeline({
    config: readProxyConfig({ clusterCIDR: podCIDRs.join() }, 'node'),
    backends,
    observer: { synced: ({ delta }) => deltas.push(delta), refused: fail, failed: fail },
  });
  const apply = async (events: readonly ObjectEvent[]): Promise<void> => {
    pipeline.apply(events);
    await pipeline.settled();
  };
  const close = (): void => {
    pipeline.close();
    for (const backend of backends) backend.close();
  };
  return { pipeline, deltas, apply, close };
}

/** Cluster IPs of the tests, by number. */
export function clusterIP(family: Family, number: number): string {
  return family === 'IPv4' ? `10.96.0.${number}` : `fd00:10:96::${number}`;
}

export interface ServiceSpec {
  readonly family: Family;
  /** Distinguishes the Services of a network; also the last part of the cluster IP. */
  readonly number: number;
  readonly endpoints: readonly (Host | Endpoint)[];
  readonly protocol?: Protocol;
}

/** A Service on port 80 with its endpoints on the target port; pods are endpoints that are on this node. */
export function serviceEvents({ family, number, endpoints, protocol = 'TCP' }: ServiceSpec): ObjectEvent[] {
  const name = `svc-${family.toLowerCase()}-${protocol.toLowerCase()}-${number}`;
  return put(
    service(name, clusterIP(family, number), { ports: [{ name: '', protocol, port: 80 }] }),
    slice(
      `${name}-1`,
      name,
      endpoints.map((it) => ('namespace' in it ? { addresses: [it[family]], nodeName: 'node' } : it)),
      { addressType: family, ports: [{ name: '', protocol, port: TARGET_PORT }] },
    ),
  );
}
