import { addressText, addressWords } from '../../net/address.ts';

/** The cluster of a run, so that all processes know who should answer for whom without telling each other. */
export interface ClusterSize {
  readonly services: number;
  /** Of each service but the probed ones. */
  readonly endpoints: number;
}

/** Services whose endpoint is replaced and that are watched at the start: spread from the first to the last. */
const PROBED_SERVICES = 16;

/** Endpoints are 10.128.0.0/9, which is where pods are, on this node and on others. */
export const POD_CIDR = '10.128.0.0/9';
const FIRST_ENDPOINT = 0x0a800001;
/** The pods that send probes, 10.255.0.0/16: no endpoint gets that far. */
export const PROBING_PODS = '10.255.0.0/16';
export const FIRST_PROBING_POD = 0x0aff0001;

export const SERVICE_PORT = 80;
export const TARGET_PORT = 8080;

/**
 * Numbers of the services that are probed. They have one endpoint each, so that every single probe tells which one is in force:
 * with ten, nine of ten probes would say nothing about the one that changed.
 */
export function probedServices({ services }: ClusterSize): number[] {
  const count = Math.min(PROBED_SERVICES, services);
  const step = count === 1 ? 0 : (services - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => Math.round(index * step));
}

/** Numbers of the endpoints that a service starts with. */
export function initialEndpoints(size: ClusterSize, service: number): number[] {
  const count = probedServices(size).includes(service) ? 1 : size.endpoints;
  return Array.from({ length: count }, (_, index) => firstEndpoint(size, service) + index);
}

export function firstEndpoint({ endpoints }: ClusterSize, service: number): number {
  return service * endpoints;
}

/** The first number that no service starts with. */
export function firstSpareEndpoint({ services, endpoints }: ClusterSize): number {
  return services * endpoints;
}

export function endpointAddress(endpoint: number): string {
  return addressText([FIRST_ENDPOINT + endpoint]);
}

/** The number of the endpoint with an address; negative or past all numbers if there is none. */
export function endpointOf(address: string): number {
  return (addressWords(address)?.[0] ?? 0) - FIRST_ENDPOINT;
}
