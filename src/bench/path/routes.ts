import type { BackendName } from '../common/backends.ts';
import {
  clusterIPOf,
  endpointAddress,
  FIRST_NODE_PORT,
  nodePortsOf,
  SERVER_PORT,
  SERVICE_PORT,
} from './addresses.ts';
import type { ClusterSize } from './cluster.ts';
import type { Origin } from './network.ts';

/** Which service, or the endpoints of which: the first, the last, or a random one for each flow. */
export const TARGETS = ['first', 'last', 'random'] as const;

export type Target = (typeof TARGETS)[number];

/** How a flow gets to the server. */
export type Route =
  /** To the pod, through a node where nothing looks at packets. */
  | { readonly path: 'direct'; readonly backend: null }
  /** To the pod, through a node that tracks connections and may translate them, but has no rules that would. */
  | { readonly path: 'conntrack'; readonly backend: null }
  /** To the pod, through the node where the backend has all services. */
  | { readonly path: 'beside'; readonly backend: BackendName }
  /** Through the service, on the same node. */
  | { readonly path: 'service'; readonly backend: BackendName };

export function routesOf(backends: readonly BackendName[]): Route[] {
  return [
    { path: 'direct', backend: null },
    { path: 'conntrack', backend: null },
    ...backends.flatMap((backend): Route[] => [
      { path: 'beside', backend },
      { path: 'service', backend },
    ]),
  ];
}

/** With one service, the first is also the last. */
export function targetsOf(opensFlows: boolean, services: number): readonly Target[] {
  if (services === 1) return ['first'];
  return opensFlows ? TARGETS : ['random'];
}

/** Where a flow goes, in the form that path-load takes: the first address and how many, the first port and how many. */
export function destinationOf(
  path: Route['path'],
  target: Target,
  origin: Origin,
  { services, endpoints }: ClusterSize,
  nodeAddress: string,
): string {
  const first = target === 'last' ? services - 1 : 0;
  const count = target === 'random' ? services : 1;
  if (path !== 'service')
    return `${endpointAddress(first * endpoints)} ${count * endpoints} ${SERVER_PORT} 1`;
  if (origin !== 'outside') return `${clusterIPOf(first)} ${count} ${SERVICE_PORT} 1`;
  const ports = nodePortsOf(services);
  const port = FIRST_NODE_PORT + (target === 'last' ? ports - 1 : 0);
  return `${nodeAddress} 1 ${port} ${target === 'random' ? ports : 1}`;
}
