import type { ServedEndpoint, ServedPort } from '../services/served-port.ts';
import type { ServiceTraits } from '../services/service-traits.ts';

/** What UDP clients send to: an address and a port, or a node port, whose addresses change. */
export interface UdpFrontend {
  /** Undefined for a node port. */
  readonly address: string | undefined;
  readonly port: number;
}

/** Equal frontends have equal keys. */
export function udpKey({ address, port }: UdpFrontend): string {
  return `${address ?? 'node'} ${port}`;
}

/** All frontends of a service port: cluster IP, external and load-balancer IPs, node port (CT-03 to CT-05). */
export function frontendsOf({ clusterIP, port, nodePort, traits }: ServedPort): UdpFrontend[] {
  const addresses = [clusterIP, ...traits.externalIPs, ...traits.loadBalancerIPs];
  const frontends: UdpFrontend[] = addresses.map((address) => ({ address, port }));
  if (nodePort !== 0) frontends.push({ address: undefined, port: nodePort });
  return frontends;
}

/** Endpoints that connections are left to: terminating or not, near or far, as long as they serve (CT-06, CT-07). */
export function servingEndpoints(port: ServedPort): ServedEndpoint[] {
  return port.endpoints.filter((endpoint) => endpoint.serving);
}

export function haveSameFrontends(a: ServedPort, b: ServedPort): boolean {
  const isSameItself = a.clusterIP === b.clusterIP && a.port === b.port && a.nodePort === b.nodePort;
  return isSameItself && haveSameAddresses(a.traits, b.traits);
}

function haveSameAddresses(a: ServiceTraits, b: ServiceTraits): boolean {
  if (a === b) return true;
  return areEqual(a.externalIPs, b.externalIPs) && areEqual(a.loadBalancerIPs, b.loadBalancerIPs);
}

/**
 * Whether connections to the same endpoints are left alone, whatever else is said of them (CT-07). On the way of every
 * change of a UDP service port, hence without a copy of either list.
 */
export function serveSame({ endpoints: a }: ServedPort, { endpoints: b }: ServedPort): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((endpoint, index) => isSame(endpoint, b[index]));
}

function isSame(a: ServedEndpoint, b: ServedEndpoint | undefined): boolean {
  return a === b || (a.endpoint === b?.endpoint && a.serving === b.serving);
}

function areEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
