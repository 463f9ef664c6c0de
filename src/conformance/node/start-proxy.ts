import type { ApiObject, ObjectEvent } from '../../api/objects.ts';
import { NftablesBackend } from '../../backends/nftables/nftables-backend.ts';
import { ConntrackCleanup } from '../../conntrack/conntrack-cleanup.ts';
import { HealthChecks } from '../../healthcheck/health-checks.ts';
import { FAMILIES, type Family } from '../../net/address.ts';
import { Pipeline } from '../../pipeline.ts';
import type { ServedPortChange } from '../../services/served-port.ts';
import type { Vector } from '../vectors/vector.ts';
import type { NodeProxy } from './proxy.ts';

/** Starts the proxy as the daemon does, with the objects of a vector as the complete list from the API server. */
export async function startProxy(vector: Vector): Promise<NodeProxy> {
  const { apply, followed, close } = openPipeline(vector);
  const sticky = vector.objects.filter(isSticky);
  try {
    await apply(vector.objects.map(put));
    await followed();
  } catch (error) {
    close();
    throw error;
  }
  return {
    hasAffinity: sticky.length > 0,
    // The services come and go: with them go their bindings (AFF-07).
    forgetAffinity: async () => {
      if (sticky.length === 0) return;
      await apply(sticky.map(deletion));
      await apply(sticky.map(put));
    },
    close,
  };
}

const LOOPBACK = ['127.0.0.1', '::1'];

function openPipeline({ node, config }: Vector) {
  const { promise: failure, reject } = Promise.withResolvers<never>();
  failure.catch(() => {}); // Told to whoever waits for the next sync.
  const fail = ({ error }: { error: unknown }): void => reject(error);
  const backends = FAMILIES.map((family) => new NftablesBackend({ family }));
  const followers = FAMILIES.map((family) => openFollower(family, node.name, fail));
  const pipeline = new Pipeline({
    config,
    backends,
    followers,
    observer: { synced() {}, refused: fail, failed: fail },
  });
  pipeline.hostAddresses([...node.ips, ...LOOPBACK]);
  return {
    apply: async (events: readonly ObjectEvent[]): Promise<void> => {
      pipeline.apply(events);
      await Promise.race([pipeline.settled(), failure]);
    },
    followed: async (): Promise<void> => {
      await Promise.race([Promise.all(followers.map((follower) => follower.settled())), failure]);
    },
    close: (): void => {
      pipeline.close();
      for (const each of [...followers, ...backends]) each.close();
    },
  };
}

function openFollower(family: Family, nodeName: string, fail: (report: { error: unknown }) => void) {
  const cleanup = new ConntrackCleanup({ family, observer: { cleaned() {}, failed: fail } });
  const checks = new HealthChecks({
    family,
    nodeName,
    isProxyHealthy: () => true,
    observer: { failed: fail },
  });
  let addresses: 'any' | readonly string[] = [];
  return {
    family,
    touch(change: ServedPortChange): void {
      cleanup.touch(change);
      checks.touch(change);
    },
    acceptNodePortsOn(accepted: 'any' | readonly string[], hostAddresses: readonly string[]): void {
      addresses = accepted;
      cleanup.acceptNodePortsOn(accepted, hostAddresses);
    },
    afterSync(): void {
      cleanup.afterSync();
      checks.publish(addresses);
    },
    settled: () => Promise.all([cleanup.settled(), checks.settled()]),
    close(): void {
      cleanup.close();
      void checks.close();
    },
  };
}

function isSticky(object: ApiObject): boolean {
  return object.kind === 'Service' && object.sessionAffinity === 'ClientIP';
}

function put(object: ApiObject): ObjectEvent {
  return { type: 'put', object };
}

function deletion(object: ApiObject): ObjectEvent {
  const namespace = 'namespace' in object ? object.namespace : '';
  return { type: 'delete', kind: object.kind, namespace, name: object.name };
}
