import type { ApiObject, ObjectEvent } from '../../api/objects.ts';
import { NftablesBackend } from '../../backends/nftables/nftables-backend.ts';
import { FAMILIES, parseCidr } from '../../net/address.ts';
import { Pipeline } from '../../pipeline.ts';
import type { Vector } from '../vectors/vector.ts';
import type { NodeProxy } from './proxy.ts';

/** Starts the proxy as the daemon does, with the objects of a vector as the complete list from the API server. */
export async function startProxy(vector: Vector): Promise<NodeProxy> {
  const { apply, close } = openPipeline(vector);
  const sticky = vector.objects.filter(isSticky);
  try {
    await apply(vector.objects.map(put));
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

function openPipeline({ node, config }: Vector) {
  const clusterCIDR = config['clusterCIDR'];
  const podCIDRs = (typeof clusterCIDR === 'string' ? clusterCIDR.split(',') : []).flatMap(
    (text) => parseCidr(text) ?? [],
  );
  const backends = FAMILIES.map((family) => new NftablesBackend({ family, podCIDRs }));
  const { promise: failure, reject } = Promise.withResolvers<never>();
  failure.catch(() => {}); // Told to whoever waits for the next sync.
  const fail = ({ error }: { error: unknown }): void => reject(error);
  const pipeline = new Pipeline({
    node,
    backends,
    observer: { synced() {}, refused: fail, failed: fail },
  });
  return {
    apply: async (events: readonly ObjectEvent[]): Promise<void> => {
      pipeline.apply(events);
      await Promise.race([pipeline.settled(), failure]);
    },
    close: (): void => {
      pipeline.close();
      for (const backend of backends) backend.close();
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
