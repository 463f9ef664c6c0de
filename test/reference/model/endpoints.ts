/** EndpointSlices to the endpoints of a service port, and the lists in use: sections 2, 3 and 4 of the spec. */
import type { Family, RawEndpoint, RawEndpointSlice, Situation } from '../situation.ts';
import { canonical, withPort } from './addresses.ts';
import type { NodeView } from './node-view.ts';
import type { ServicePort } from './service-ports.ts';

export interface Endpoint {
  readonly address: string;
  /** `address:port` */
  readonly text: string;
  readonly isReady: boolean;
  readonly isServing: boolean;
  readonly isTerminating: boolean;
  readonly nodeName: string | undefined;
  readonly isLocal: boolean;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
}

/** The endpoints of a service port, unique (EP-11) and merged over all slices (EP-12, EP-13). */
export function endpointsOf(
  port: Pick<ServicePort, 'namespace' | 'service' | 'name' | 'protocol'>,
  { endpointSlices }: Situation,
  family: Family,
  node: NodeView,
): Endpoint[] {
  const unique = new Map<string, Endpoint>();
  for (const slice of endpointSlices) {
    if (!belongsTo(slice, port, family)) continue;
    for (const slicePort of slice.ports ?? []) {
      if (slicePort.name !== port.name) continue; // EP-04: a missing name is no name
      if ((slicePort.protocol ?? 'TCP') !== port.protocol) continue; // EP-06
      if (slicePort.port === undefined || slicePort.port === 0) continue; // EP-05
      for (const raw of slice.endpoints ?? []) {
        const endpoint = endpointOf(raw, slicePort.port, node);
        if (endpoint === undefined) continue;
        if (endpoint.isTerminating && unique.has(endpoint.text)) continue; // EP-11
        unique.set(endpoint.text, endpoint);
      }
    }
  }
  return [...unique.values()];
}

/** EP-01, EP-02, EP-03 */
function belongsTo(
  { metadata, addressType }: RawEndpointSlice,
  port: Pick<ServicePort, 'namespace' | 'service'>,
  family: Family,
): boolean {
  const labels = metadata.labels ?? {};
  if (labels['kubernetes.io/service-name'] !== port.service) return false;
  if ('service.kubernetes.io/headless' in labels) return false;
  return metadata.namespace === port.namespace && addressType === family;
}

function endpointOf(raw: RawEndpoint, port: number, node: NodeView): Endpoint | undefined {
  const address = canonical(raw.addresses[0] ?? ''); // EP-07
  if (address === undefined) return undefined; // EP-08
  const { nodeName, conditions = {}, hints = {} } = raw;
  return {
    address,
    text: withPort(address, port),
    isReady: conditions.ready ?? true, // EP-10
    isServing: conditions.serving ?? true,
    isTerminating: conditions.terminating ?? false,
    nodeName,
    isLocal: nodeName === node.name, // EP-09
    zoneHints: (hints.forZones ?? []).map(({ name }) => name),
    nodeHints: (hints.forNodes ?? []).map(({ name }) => name),
  };
}

/** SEL-01, SEL-02, SEL-07 */
export function clusterList(endpoints: readonly Endpoint[], node: NodeView): readonly Endpoint[] {
  const ready = endpoints.filter(({ isReady }) => isReady); // SEL-06
  return ready.length > 0 ? byTopology(ready, node) : endpoints.filter(isDraining);
}

/** SEL-03, SEL-04; TOP-11: without topology. */
export function localList(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const local = endpoints.filter(({ isLocal }) => isLocal);
  const ready = local.filter(({ isReady }) => isReady);
  return ready.length > 0 ? ready : local.filter(isDraining);
}

/** SEL-05 */
function isDraining({ isServing, isTerminating }: Endpoint): boolean {
  return isServing && isTerminating;
}

/** Of ready endpoints only (TOP-03), and never in part (TOP-05). */
function byTopology(ready: readonly Endpoint[], node: NodeView): readonly Endpoint[] {
  // TOP-01, TOP-04, TOP-08
  const here = ready.filter(({ nodeHints }) => nodeHints.includes(node.name));
  if (here.length > 0 && ready.every(({ nodeHints }) => nodeHints.length > 0)) return here;
  // TOP-02, TOP-06
  const { zone } = node;
  if (zone === undefined) return ready;
  const near = ready.filter(({ zoneHints }) => zoneHints.includes(zone));
  if (near.length > 0 && ready.every(({ zoneHints }) => zoneHints.length > 0)) return near;
  return ready;
}
