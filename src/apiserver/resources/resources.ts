/** The table of everything that the server serves. A kind that is not here does not exist. */
import { CONFIG_MAPS, EVENTS, NAMESPACES, NODES, SERVICES } from './core.ts';
import { EVENTS_EVENTS } from './events-view.ts';
import { ENDPOINT_SLICES, LEASES, SERVICE_CIDRS } from './network.ts';
import type { Resource } from './resource.ts';
import { DAEMON_SETS, DEPLOYMENTS, PODS } from './workloads.ts';

export const RESOURCES: readonly Resource[] = [
  CONFIG_MAPS,
  EVENTS,
  NAMESPACES,
  NODES,
  PODS,
  SERVICES,
  DAEMON_SETS,
  DEPLOYMENTS,
  LEASES,
  ENDPOINT_SLICES,
  EVENTS_EVENTS,
  SERVICE_CIDRS,
];

const BY_ID = new Map(RESOURCES.map((it) => [it.id, it]));

/** The resource of an id (`services`). Throws if there is none: ids are written by programmers. */
export function resourceOf(id: string): Resource {
  const found = BY_ID.get(id);
  if (found === undefined)
    throw new TypeError(`"${id}" is not a resource; there are ${[...BY_ID.keys()].join(', ')}`);
  return found;
}

/** The resource of a path such as /apis/GROUP/VERSION/PLURAL, or undefined. */
export function findResource(group: string, version: string, plural: string): Resource | undefined {
  return RESOURCES.find((it) => it.group === group && it.version === version && it.plural === plural);
}
