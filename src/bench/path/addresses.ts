import { addressText } from '../../net/address.ts';

/** Where everything is in the networks of this benchmark. IPv4, as numbers where they are counted through. */

/** 10.96.0.1, the first of 10.96.0.0/12. */
const FIRST_CLUSTER_IP = 0x0a60_0001;

/** 10.128.0.0/10: every address of it is one of the server's. */
export const ENDPOINT_CIDR = '10.128.0.0/10';
const FIRST_ENDPOINT = 0x0a80_0001;
export const MAX_ENDPOINTS_IN_ALL = 2 ** 22 - 2;

export const SERVICE_PORT = 80;

/** Native/bench/path-common.h has the same. */
export const SERVER_PORT = 8080;

export const FIRST_NODE_PORT = 30_000;
/** The default range of Kubernetes: 30000 to 32767. */
const NODE_PORTS = 2768;

export function clusterIPOf(service: number): string {
  return addressText([FIRST_CLUSTER_IP + service]);
}

/** Endpoints are counted through all services. */
export function endpointAddress(endpoint: number): string {
  return addressText([FIRST_ENDPOINT + endpoint]);
}

/** How many of so many services have a node port. */
export function nodePortsOf(services: number): number {
  return Math.min(services, NODE_PORTS);
}

/**
 * The node port of a service. There are not enough for all, so those that have one are spread evenly: the first has the
 * first port, the last has the last.
 */
export function nodePortOf(service: number, services: number): number | undefined {
  const ports = nodePortsOf(services);
  if (ports === 1) return service === 0 ? FIRST_NODE_PORT : undefined;
  const nearest = Math.round((service * (ports - 1)) / (services - 1));
  const owner = Math.round((nearest * (services - 1)) / (ports - 1));
  return owner === service ? FIRST_NODE_PORT + nearest : undefined;
}
