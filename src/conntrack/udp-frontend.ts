import type { ServedEndpoint, ServedPort } from '../services/served-port.ts';

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

/** Whether both versions of a service port leave the same connections alone, whatever else they say (CT-07). */
export function keepsSame(before: ServedPort | undefined, after: ServedPort | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return (
    haveSameMembers(frontendsOf(before).map(udpKey), frontendsOf(after).map(udpKey)) &&
    (before.endpoints === after.endpoints ||
      haveSameMembers(
        servingEndpoints(before).map((it) => it.endpoint),
        servingEndpoints(after).map((it) => it.endpoint),
      ))
  );
}

function haveSameMembers(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).symmetricDifference(new Set(b)).size === 0;
}
