import type { ObjectEvent } from '../../api/objects.ts';
import { NftablesBackend } from '../../backends/nftables/nftables-backend.ts';
import { FAMILIES, parseCidr } from '../../net/address.ts';
import { Pipeline } from '../../pipeline.ts';
import type { Vector } from '../vectors/vector.ts';

/** The proxy of a node, at work in the network namespace that the process is in. */
export interface Program {
  readonly hasAffinity: boolean;
  /** Takes the services with session affinity away and brings them back: their bindings are gone (AFF-07). */
  forgetAffinity(): Promise<void>;
  close(): void;
}

/** Programs the kernel as the daemon would, and returns when all is in force. */
export async function program(vector: Vector): Promise<Program> {
  const clusterCIDR = vector.config['clusterCIDR'];
  const podCIDRs = (typeof clusterCIDR === 'string' ? clusterCIDR.split(',') : []).flatMap(
    (text) => parseCidr(text) ?? [],
  );
  const backends = FAMILIES.map((family) => new NftablesBackend({ family, podCIDRs }));
  const { promise: failure, reject } = Promise.withResolvers<never>();
  failure.catch(() => {});
  const pipeline = new Pipeline({
    node: { name: vector.node.name },
    backends,
    observer: { synced() {}, refused: ({ error }) => reject(error), failed: ({ error }) => reject(error) },
  });
  const apply = async (events: readonly ObjectEvent[]): Promise<void> => {
    pipeline.apply(events);
    await Promise.race([pipeline.settled(), failure]);
  };
  const close = (): void => {
    pipeline.close();
    for (const backend of backends) backend.close();
  };
  const sticky = vector.objects.filter(
    (object) => object.kind === 'Service' && object.sessionAffinity === 'ClientIP',
  );
  try {
    await apply(vector.objects.map((object) => ({ type: 'put', object })));
  } catch (error) {
    close();
    throw error;
  }
  return {
    hasAffinity: sticky.length > 0,
    forgetAffinity: async () => {
      if (sticky.length === 0) return;
      await apply(sticky.map(deletionOf));
      await apply(sticky.map((object) => ({ type: 'put', object })));
    },
    close,
  };
}

function deletionOf(object: Vector['objects'][number]): ObjectEvent {
  const namespace = 'namespace' in object ? object.namespace : '';
  return { type: 'delete', kind: object.kind, namespace, name: object.name };
}
