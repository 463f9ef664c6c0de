import type { Endpoint, EndpointSlice, ObjectEvent, Service, ServicePort } from '../../src/api/objects.ts';

/** A port that has no node port unless it says so. */
export type PortFields = Omit<ServicePort, 'nodePort'> & Partial<ServicePort>;

export type ServiceFields = Omit<Partial<Service>, 'ports'> & { readonly ports?: readonly PortFields[] };

/** A Service with one TCP port 80 named "http" and no traffic from outside, altered by `fields`. */
export function service(name: string, clusterIP: string, fields: ServiceFields = {}): Service {
  const { ports = [{ name: 'http', protocol: 'TCP', port: 80 }], ...others } = fields;
  return {
    kind: 'Service',
    namespace: 'shop',
    name,
    labels: {},
    type: 'ClusterIP',
    clusterIP,
    clusterIPs: [clusterIP],
    ipFamilies: [clusterIP.includes(':') ? 'IPv6' : 'IPv4'],
    ports: ports.map((port) => ({ nodePort: 0, ...port })),
    externalIPs: [],
    loadBalancerIPs: [],
    loadBalancerSourceRanges: [],
    internalTrafficPolicy: 'Cluster',
    externalTrafficPolicy: 'Cluster',
    sessionAffinity: 'None',
    affinityTimeoutSeconds: 10800,
    healthCheckNodePort: 0,
    ...others,
  };
}

/** A slice of a Service whose endpoints listen on port 8080 named "http", altered by `fields`. */
export function slice(
  name: string,
  serviceName: string,
  endpoints: readonly (string | Endpoint)[],
  fields: Partial<EndpointSlice> = {},
): EndpointSlice {
  return {
    kind: 'EndpointSlice',
    namespace: 'shop',
    name,
    labels: { 'kubernetes.io/service-name': serviceName },
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    endpoints: endpoints.map((it) => (typeof it === 'string' ? { addresses: [it] } : it)),
    ...fields,
  };
}

export function put(...objects: (Service | EndpointSlice)[]): ObjectEvent[] {
  return objects.map((object) => ({ type: 'put', object }));
}

export function remove(object: Service | EndpointSlice): ObjectEvent {
  const { kind, namespace, name } = object;
  return { type: 'delete', kind, namespace, name };
}
