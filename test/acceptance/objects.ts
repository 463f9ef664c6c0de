/**
 * The objects of these tests. Everything has a number: Service `web-3` has the addresses 10.96.0.103 and
 * fd00:10:96::103, endpoint 4 is 10.244.99.4 and fd00:10:244:99::4.
 */
import type { JsonObject } from '../../src/apiserver/objects.ts';
import { FAMILIES, type Family, withPort } from '../../src/net/address.ts';
import { clusterIP, TARGET_PORT } from '../helpers/node-under-test.ts';

export const LAST_ENDPOINT = 9;
/** What a pod that answers for all endpoints has to be given. */
export const ENDPOINT_RANGES = ['10.244.99.0/24', 'fd00:10:244:99::/64'];

const NAMESPACE = 'default';

export function endpointAddress(family: Family, number: number): string {
  return family === 'IPv4' ? `10.244.99.${number}` : `fd00:10:244:99::${number}`;
}

export function endpointNumber(address: string): number {
  return Number(address.split(/[.:]/).at(-1));
}

export function serviceAddress(family: Family, number: number): string {
  return clusterIP(family, 100 + number);
}

/** The keys of a Service's frontends, sorted. */
export function frontendsOf(...numbers: readonly number[]): string[] {
  return numbers
    .flatMap((number) => FAMILIES.map((family) => `${withPort(serviceAddress(family, number), 80)}/TCP`))
    .sort();
}

export function nameOf(number: number): string {
  return `web-${number}`;
}

export function refOf(number: number): { name: string; namespace: string } {
  return { name: nameOf(number), namespace: NAMESPACE };
}

/** A Service of both families. */
export function service(number: number, spec: JsonObject = {}): JsonObject {
  const clusterIPs = FAMILIES.map((family) => serviceAddress(family, number));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: refOf(number),
    spec: {
      ipFamilyPolicy: 'RequireDualStack',
      ipFamilies: [...FAMILIES],
      clusterIP: clusterIPs[0],
      clusterIPs,
      ports: [{ name: 'http', port: 80, targetPort: TARGET_PORT }],
      ...spec,
    },
  };
}

export function sliceName(number: number, family: Family): string {
  return `${nameOf(number)}-${family.toLowerCase()}`;
}

/** The hand-made EndpointSlices of a Service, one of each family. */
export function slices(number: number, endpoints: readonly number[]): JsonObject[] {
  return FAMILIES.map((family) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: sliceName(number, family),
      namespace: NAMESPACE,
      labels: { 'kubernetes.io/service-name': nameOf(number) },
    },
    addressType: family,
    ports: [{ name: 'http', protocol: 'TCP', port: TARGET_PORT }],
    endpoints: endpoints.map((endpoint) => ({
      addresses: [endpointAddress(family, endpoint)],
      conditions: { ready: true },
      nodeName: 'node',
    })),
  }));
}

/** A Service and its slices. */
export function serviceWith(number: number, endpoints: readonly number[]): JsonObject[] {
  return [service(number), ...slices(number, endpoints)];
}
