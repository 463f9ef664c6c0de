import { ApiException, CoreV1Api, DiscoveryV1Api, type KubeConfig } from '@kubernetes/client-node';
import { type ClusterSize, initialEndpoints } from './cluster-plan.ts';
import {
  NAMESPACE,
  NODE,
  namespaceObject,
  nodeObject,
  serviceName,
  serviceObject,
  sliceObject,
} from './objects.ts';

/** Requests under way at once. */
const PARALLEL = 16;

/** The objects of the benchmark in somebody's API server: a node, and a namespace with all else. */
export class ExternalCluster {
  readonly #core: CoreV1Api;
  readonly #discovery: DiscoveryV1Api;

  constructor(config: KubeConfig) {
    this.#core = config.makeApiClient(CoreV1Api);
    this.#discovery = config.makeApiClient(DiscoveryV1Api);
  }

  /** Creates everything, after what a run left that was killed is deleted. The cluster IPs of the services. */
  async fill(size: ClusterSize): Promise<string[]> {
    await this.empty();
    await unless(409, this.#core.createNamespace({ body: namespaceObject() }));
    const { status, ...node } = nodeObject();
    await this.#core.createNode({ body: node });
    await this.#core.patchNodeStatus({
      name: NODE,
      body: [{ op: 'add', path: '/status/addresses', value: status.addresses }],
    });
    const clusterIPs: string[] = [];
    await inParallel(size.services, async (service) => {
      const created = await this.#core.createNamespacedService({
        namespace: NAMESPACE,
        body: serviceObject(service),
      });
      clusterIPs[service] = created.spec?.clusterIP ?? '';
      const body = sliceObject(service, initialEndpoints(size, service));
      await this.#discovery.createNamespacedEndpointSlice({ namespace: NAMESPACE, body });
    });
    return clusterIPs;
  }

  async replace(service: number, endpoint: number): Promise<void> {
    await this.#discovery.replaceNamespacedEndpointSlice({
      name: serviceName(service),
      namespace: NAMESPACE,
      body: sliceObject(service, [endpoint]),
    });
  }

  /** Deletes all that is there of this benchmark. */
  async empty(): Promise<void> {
    await this.#discovery.deleteCollectionNamespacedEndpointSlice({ namespace: NAMESPACE });
    await this.#core.deleteCollectionNamespacedService({ namespace: NAMESPACE });
    await unless(404, this.#core.deleteNode({ name: NODE }));
    await unless(404, this.#core.deleteNamespace({ name: NAMESPACE }));
  }
}

/** A request whose refusal with this code is no error. */
async function unless(code: number, request: Promise<unknown>): Promise<void> {
  await request.catch((error: unknown) => {
    if (!(error instanceof ApiException && error.code === code)) throw error;
  });
}

async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
