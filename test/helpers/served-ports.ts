import { withPort } from '../../src/net/address.ts';
import type { ServedEndpoint, ServedPort } from '../../src/services/served-port.ts';
import type { ServiceTraits } from '../../src/services/service-traits.ts';

export const TRAITS: ServiceTraits = {
  externalIPs: [],
  loadBalancerIPs: [],
  sourceRanges: [],
  internalPolicy: 'Cluster',
  externalPolicy: 'Cluster',
  affinitySeconds: undefined,
  healthCheckNodePort: 0,
};

/** An endpoint that is ready, on no node that is known, altered by `fields`. */
export function endpoint(
  address: string,
  port: number,
  fields: Partial<ServedEndpoint> = {},
): ServedEndpoint {
  return {
    endpoint: withPort(address, port),
    address,
    port,
    ready: true,
    serving: true,
    terminating: false,
    nodeName: undefined,
    zoneHints: undefined,
    nodeHints: undefined,
    ...fields,
  };
}

/** The UDP service port shop/dns at 10.96.0.10:53 without endpoints, altered by `fields`. */
export function udpPort(fields: Partial<ServedPort> = {}): ServedPort {
  return {
    id: 'shop/dns:dns/UDP IPv4',
    service: 'shop/dns',
    family: 'IPv4',
    protocol: 'UDP',
    clusterIP: '10.96.0.10',
    port: 53,
    nodePort: 0,
    traits: TRAITS,
    endpoints: [],
    ...fields,
  };
}
