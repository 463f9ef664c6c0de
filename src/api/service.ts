/** Services from their parts, whichever encoding those came in. Rules: section 1 of the behaviour spec. */
import { canonicalAddress, FAMILIES, familyOf } from '../net/address.ts';
import type { FieldErrors } from './field-errors.ts';
import type { Metadata } from './metadata.ts';
import type { Service, ServicePort, SessionAffinity, TrafficPolicy } from './objects.ts';
import { checkTwins } from './service-port.ts';
import { isNot, portOf, wordOf } from './values.ts';

const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const;
const POLICIES: readonly TrafficPolicy[] = ['Cluster', 'Local'];
const AFFINITIES: readonly SessionAffinity[] = ['None', 'ClientIP'];

/** What the API server fills in, and upstream crashes without (SVC-13). */
const DEFAULT_AFFINITY_SECONDS = 10800;
/** A day. */
export const LONGEST_AFFINITY_SECONDS = 86400;

/** `spec` as it is written, absent fields undefined. Single ports and the timeout are checked already. */
export interface SpecParts {
  readonly type: unknown;
  readonly clusterIP: string | undefined;
  readonly clusterIPs: readonly string[] | undefined;
  readonly ipFamilies: readonly string[] | undefined;
  /** Undefined if the Service has none; it may be empty where all of them are wrong. */
  readonly ports: readonly ServicePort[] | undefined;
  readonly externalIPs: readonly string[] | undefined;
  readonly loadBalancerSourceRanges: readonly string[] | undefined;
  readonly internalTrafficPolicy: unknown;
  readonly externalTrafficPolicy: unknown;
  readonly sessionAffinity: unknown;
  readonly affinityTimeoutSeconds: number | undefined;
  readonly healthCheckNodePort: unknown;
}

export type Spec = Omit<Service, 'kind' | keyof Metadata | 'loadBalancerIPs'>;

export function serviceOf(
  { namespace, name, labels }: Metadata,
  spec: Spec,
  loadBalancerIPs: readonly string[],
): Service {
  // Field by field: to spread the spec into the middle takes V8 three times as long, 10,000 times at a start.
  return {
    kind: 'Service',
    namespace,
    name,
    labels,
    type: spec.type,
    clusterIP: spec.clusterIP,
    clusterIPs: spec.clusterIPs,
    ipFamilies: spec.ipFamilies,
    ports: spec.ports,
    externalIPs: spec.externalIPs,
    loadBalancerIPs,
    loadBalancerSourceRanges: spec.loadBalancerSourceRanges,
    internalTrafficPolicy: spec.internalTrafficPolicy,
    externalTrafficPolicy: spec.externalTrafficPolicy,
    sessionAffinity: spec.sessionAffinity,
    affinityTimeoutSeconds: spec.affinityTimeoutSeconds,
    healthCheckNodePort: spec.healthCheckNodePort,
  };
}

/** Addresses become canonical text. The result is good only if no error was added. */
export function specOf(parts: SpecParts, errors: FieldErrors): Spec {
  const { ports, ipFamilies = NOTHING, clusterIPs = NOTHING } = parts;
  const type = plainWordOf(parts.type, 'type', TYPES, errors) ?? 'ClusterIP';
  const clusterIP = clusterAddress(parts.clusterIP ?? '', errors, 'clusterIP');
  const addresses = clusterIPs.map((text, index) => clusterAddress(text, errors, 'clusterIPs', index));
  checkFamilies(ipFamilies, addresses, errors);
  const needsPorts = type !== 'ExternalName' && clusterIP !== 'None';
  if (needsPorts && ports === undefined) errors.add('is missing', 'ports');
  else if (ports !== undefined) checkTwins(ports, errors);
  return {
    type,
    clusterIP,
    clusterIPs: addresses,
    ipFamilies,
    ports: ports ?? NO_PORTS,
    externalIPs: addressesIn(parts.externalIPs ?? NOTHING),
    loadBalancerSourceRanges: parts.loadBalancerSourceRanges ?? NOTHING,
    internalTrafficPolicy: policyOf(parts.internalTrafficPolicy, 'internalTrafficPolicy', errors),
    externalTrafficPolicy: policyOf(parts.externalTrafficPolicy, 'externalTrafficPolicy', errors),
    sessionAffinity: plainWordOf(parts.sessionAffinity, 'sessionAffinity', AFFINITIES, errors) ?? 'None',
    affinityTimeoutSeconds: parts.affinityTimeoutSeconds ?? DEFAULT_AFFINITY_SECONDS,
    healthCheckNodePort: optionalPortOf(parts.healthCheckNodePort, 'healthCheckNodePort', errors),
  };
}

const NOTHING: readonly string[] = [];
const NO_PORTS: readonly ServicePort[] = [];

/** As wordOf; "" is absent, as it is in Go. */
function plainWordOf<Word extends string>(
  value: unknown,
  key: string,
  words: readonly Word[],
  errors: FieldErrors,
): Word | undefined {
  return value === undefined || value === '' ? undefined : wordOf(value, key, words, errors);
}

/** Unset is Cluster (ITP-03). */
function policyOf(value: unknown, key: string, errors: FieldErrors): TrafficPolicy {
  return plainWordOf(value, key, POLICIES, errors) ?? 'Cluster';
}

/** 0 is none, and so is absent. */
function optionalPortOf(value: unknown, key: string, errors: FieldErrors): number {
  return value === undefined ? 0 : (portOf(value, key, 0, errors) ?? 0);
}

/** Canonical text of a cluster IP; "" (not allocated) and "None" (headless) stay. */
function clusterAddress(text: string, errors: FieldErrors, ...path: (string | number)[]): string {
  if (text === '' || text === 'None') return text;
  const address = canonicalAddress(text);
  if (address === undefined) errors.add(isNot(text, 'an IP address, "None" or ""'), ...path);
  return address ?? text;
}

/** Each family once, and `clusterIPs[i]` of `ipFamilies[i]`: else an address enters the other family's table (SVC-05). */
function checkFamilies(families: readonly string[], addresses: readonly string[], errors: FieldErrors): void {
  for (let index = 0; index < families.length; index++) {
    const family = families[index] ?? '';
    const address = addresses[index] ?? '';
    if (!FAMILIES.some((known) => known === family)) {
      errors.add(isNot(family, `one of ${FAMILIES.join(', ')}`), 'ipFamilies', index);
    } else if (families.indexOf(family) < index) {
      errors.add(`${family} is in the list twice`, 'ipFamilies', index);
    } else if (familyOf(address) !== family && canonicalAddress(address) !== undefined) {
      errors.add(isNot(address, `an ${family} address (ipFamilies[${index}])`), 'clusterIPs', index);
    }
  }
}

/** What is no address is left out (VIP-03), canonical text is made of the others. */
function addressesIn(texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? NOTHING : texts.flatMap((text) => canonicalAddress(text) ?? []);
}

/**
 * The address of a load balancer whose traffic comes to this node. An entry with a host name only creates nothing; nor
 * does one of mode Proxy, whose traffic arrives at another address (VIP-04, VIP-05).
 */
export function ingressAddress(ip: string | undefined, mode: string | undefined): string | undefined {
  return mode === undefined || mode === 'VIP' ? canonicalAddress(ip ?? '') : undefined;
}
