/** The process with the embedded API server: what no daemon is to be charged for. Talks with child.ts. */
import { kubeconfigOf } from '../../apiserver/kubeconfig.ts';
import { listAt } from '../../apiserver/objects.ts';
import { startApiServer } from '../../apiserver/server.ts';
import { serve } from '../../process/serve.ts';
import { monotonic } from '../source/clock.ts';
import { type ClusterSize, initialEndpoints } from './cluster-plan.ts';
import { DOOR_ADDRESS, DOOR_PORT, Door } from './door.ts';
import type { ClusterCommands, NodePlace } from './messages.ts';
import { namespaceObject, nodeObject, serviceObject, sliceObject } from './objects.ts';

const server = await startApiServer({ hasEndpointSliceController: false });

let door: Door | undefined;

function fill(size: ClusterSize): string[] {
  const { store } = server;
  store.create('namespaces', namespaceObject());
  store.create('nodes', nodeObject());
  return Array.from({ length: size.services }, (_, service) => {
    const created = store.create('services', serviceObject(service));
    store.create('endpointslices', sliceObject(service, initialEndpoints(size, service)));
    return String(listAt(created, 'spec', 'clusterIPs')[0]);
  });
}

function admit(place: NodePlace): string {
  door?.close();
  door = new Door(place, (socket) => server.serve(socket));
  return kubeconfigOf(`http://${DOOR_ADDRESS}:${DOOR_PORT}`, undefined, undefined);
}

serve<ClusterCommands>({
  fill,
  admit,
  replace: ({ service, endpoint }) => {
    const askedAt = monotonic();
    server.store.update('endpointslices', sliceObject(service, [endpoint]));
    return askedAt;
  },
});
