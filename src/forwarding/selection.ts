/** Which endpoints of a service port are used: sections 3 and 4 of the behaviour spec. Pure. */
import type { ServedEndpoint } from '../services/served-port.ts';
import type { ThisNode } from './this-node.ts';

/**
 * The Cluster list: the ready endpoints, reduced by topology (SEL-01), or else those that are terminating but still
 * serving (SEL-02), to which topology does not apply (SEL-07).
 */
export function clusterList(endpoints: readonly ServedEndpoint[], node: ThisNode): readonly ServedEndpoint[] {
  const ready = readyOf(endpoints);
  return ready.length > 0 ? closest(ready, node) : endpoints.filter(isLastResort);
}

/** The Local list (SEL-03). It falls back on its own (SEL-04), and hints do not matter (TOP-11). */
export function localList(endpoints: readonly ServedEndpoint[], node: ThisNode): readonly ServedEndpoint[] {
  const local = endpoints.filter((endpoint) => endpoint.nodeName === node.name); // EP-09
  const ready = readyOf(local);
  return ready.length > 0 ? ready : local.filter(isLastResort);
}

/** Whether any endpoint on any node could be used: it decides between reject and drop (SEL-09). */
export function hasUsable(endpoints: readonly ServedEndpoint[]): boolean {
  return endpoints.some((endpoint) => endpoint.ready || isLastResort(endpoint));
}

/** `ready` is authoritative, whatever the other conditions say (SEL-06). Often that is all: then no copy is made. */
function readyOf(endpoints: readonly ServedEndpoint[]): readonly ServedEndpoint[] {
  return endpoints.every((endpoint) => endpoint.ready)
    ? endpoints
    : endpoints.filter((endpoint) => endpoint.ready);
}

function isLastResort(endpoint: ServedEndpoint): boolean {
  return !endpoint.ready && endpoint.serving && endpoint.terminating; // SEL-05
}

/** Node hints first, then zone hints (TOP-01, TOP-02); hints are followed by all or by none (TOP-05). */
function closest(ready: readonly ServedEndpoint[], node: ThisNode): readonly ServedEndpoint[] {
  const onNode = hinted(ready, node.name, nodeHints);
  if (onNode !== undefined) return onNode;
  const inZone = node.zone === undefined ? undefined : hinted(ready, node.zone, zoneHints);
  return inZone ?? ready;
}

const nodeHints = (endpoint: ServedEndpoint): readonly string[] | undefined => endpoint.nodeHints;
const zoneHints = (endpoint: ServedEndpoint): readonly string[] | undefined => endpoint.zoneHints;

/** The endpoints that a hint means for `name`, or undefined if one has no hint (TOP-04) or none names it. */
function hinted(
  ready: readonly ServedEndpoint[],
  name: string,
  hintsOf: (endpoint: ServedEndpoint) => readonly string[] | undefined,
): readonly ServedEndpoint[] | undefined {
  if (!ready.every((endpoint) => (hintsOf(endpoint)?.length ?? 0) > 0)) return undefined;
  const meant = ready.filter((endpoint) => hintsOf(endpoint)?.includes(name));
  return meant.length > 0 ? meant : undefined;
}
