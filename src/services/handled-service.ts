import type { Service } from '../api/objects.ts';
import { FAMILIES, type Family, familyOf } from '../net/address.ts';
import { type ServiceTraits, sameTraits, traitsOf } from './service-traits.ts';

const SERVICE_PROXY_NAME_LABEL = 'service.kubernetes.io/service-proxy-name';

/** A Service that gets something here, with its traits in the families in which it exists. */
export interface HandledService {
  readonly service: Service;
  readonly traits: TraitsByFamily;
}

type TraitsByFamily = Readonly<Record<Family, ServiceTraits | undefined>>;

/**
 * What is served of a Service; undefined if it is left to another proxy (SVC-04), an ExternalName (SVC-03), or without
 * a ClusterIP (SVC-02). Traits that did not change since `old` keep their object (SVC-12).
 */
export function handle(service: Service, old: HandledService | undefined): HandledService | undefined {
  if (service.labels[SERVICE_PROXY_NAME_LABEL] !== undefined || service.type === 'ExternalName')
    return undefined;
  const traits: TraitsByFamily = {
    IPv4: traitsIn('IPv4', service, old),
    IPv6: traitsIn('IPv6', service, old),
  };
  return FAMILIES.some((family) => traits[family] !== undefined) ? { service, traits } : undefined;
}

function traitsIn(
  family: Family,
  service: Service,
  old: HandledService | undefined,
): ServiceTraits | undefined {
  if (clusterIPOf(service, family) === undefined) return undefined;
  const known = old?.traits[family];
  const now = traitsOf(service, family);
  return known !== undefined && sameTraits(known, now) ? known : now;
}

/** The ClusterIP of a family (SVC-05), or undefined if the Service does not exist there (SVC-02, SVC-03). */
export function clusterIPOf(service: Service, family: Family): string | undefined {
  if (service.clusterIP === 'None') return undefined;
  const address =
    service.ipFamilies.length === 0
      ? service.clusterIP
      : service.clusterIPs[service.ipFamilies.indexOf(family)];
  if (address === undefined || address === '' || address === 'None') return undefined;
  return familyOf(address) === family ? address : undefined;
}
