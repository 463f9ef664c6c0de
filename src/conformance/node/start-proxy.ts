import type { ApiObject, ObjectEvent } from '../../api/objects.ts';
import type { KernelBackendName } from '../../backends/kernel-backend.ts';
import { ServiceProxy } from '../../service-proxy.ts';
import type { Vector } from '../vectors/vector.ts';
import { type NodeKernel, openNodeKernel } from './node-kernel.ts';
import type { NodeProxy, StartProxy } from './proxy.ts';

/** Starts the proxy as the daemon does, with the objects of a vector as the complete list from the API server. */
export function startProxyWith(backend: KernelBackendName): StartProxy {
  return async (vector, tracked) => {
    const kernel = await openNodeKernel(backend, tracked);
    return { ...(await startProxy(vector, kernel)), ...kernel.traits };
  };
}

async function startProxy(vector: Vector, kernel: NodeKernel): Promise<NodeProxy> {
  const { apply, followed, close } = openServiceProxy(vector, kernel);
  const sticky = vector.objects.filter(isSticky);
  try {
    await apply(vector.objects.map(put));
    await followed();
  } catch (error) {
    await close();
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

function openServiceProxy({ config }: Vector, { openBackend }: NodeKernel) {
  const { promise: failure, reject } = Promise.withResolvers<never>();
  failure.catch(() => {}); // Told to whoever waits for the next sync.
  const fail = ({ error }: { error: unknown }): void => reject(error);
  const proxy = new ServiceProxy({
    config,
    openBackend,
    observer: { synced() {}, refused: fail, failed: fail },
    conntrack: { cleaned() {}, failed: fail },
    healthChecks: { failed: fail },
    onAddressFailure: reject,
  });
  return {
    apply: async (events: readonly ObjectEvent[]): Promise<void> => {
      proxy.apply(events);
      await Promise.race([proxy.answering(), failure]);
    },
    followed: (): Promise<void> => Promise.race([proxy.followed(), failure]),
    close: (): Promise<void> => proxy.close(),
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
