/** The fields of a Service's `spec` that say which traffic it takes and where that goes. Contract as in fields.ts. */
import { canonicalAddress } from '../net/address.ts';
import type { FieldErrors } from './field-errors.ts';
import { type Fields, integerField, portField, stringListField, wordField } from './fields.ts';
import type { Service, SessionAffinity, TrafficPolicy } from './objects.ts';
import { sectionField } from './sections.ts';

export type Traffic = Pick<
  Service,
  | 'externalIPs'
  | 'loadBalancerSourceRanges'
  | 'internalTrafficPolicy'
  | 'externalTrafficPolicy'
  | 'sessionAffinity'
  | 'affinityTimeoutSeconds'
  | 'healthCheckNodePort'
>;

const POLICIES: readonly TrafficPolicy[] = ['Cluster', 'Local'];
const AFFINITIES: readonly SessionAffinity[] = ['None', 'ClientIP'];

/** What the API server fills in, and upstream crashes without (SVC-13). */
const DEFAULT_AFFINITY_SECONDS = 10800;
const ONE_DAY_SECONDS = 86400;

export function decodeTraffic(spec: Fields, errors: FieldErrors): Traffic {
  return {
    externalIPs: decodeExternalIPs(spec, errors),
    loadBalancerSourceRanges: stringListField(spec, 'loadBalancerSourceRanges', errors),
    internalTrafficPolicy: optionalWord(spec, 'internalTrafficPolicy', POLICIES, errors) ?? 'Cluster',
    externalTrafficPolicy: optionalWord(spec, 'externalTrafficPolicy', POLICIES, errors) ?? 'Cluster',
    sessionAffinity: optionalWord(spec, 'sessionAffinity', AFFINITIES, errors) ?? 'None',
    affinityTimeoutSeconds: decodeAffinityTimeout(spec, errors),
    healthCheckNodePort: portField(spec, 'healthCheckNodePort', errors, 0) ?? 0,
  };
}

/** What is no address is left out (VIP-03), canonical text is made of the others. */
function decodeExternalIPs(spec: Fields, errors: FieldErrors): readonly string[] {
  return stringListField(spec, 'externalIPs', errors).flatMap((text) => canonicalAddress(text) ?? []);
}

/** As wordField; "" is absent, as it is in Go. */
function optionalWord<Word extends string>(
  fields: Fields,
  key: string,
  words: readonly Word[],
  errors: FieldErrors,
): Word | undefined {
  return fields[key] === '' ? undefined : wordField(fields, key, words, errors);
}

function decodeAffinityTimeout(spec: Fields, errors: FieldErrors): number {
  return sectionField(spec, 'sessionAffinityConfig', errors, (config) =>
    sectionField(
      config,
      'clientIP',
      errors,
      (clientIP) =>
        integerField(clientIP, 'timeoutSeconds', 1, ONE_DAY_SECONDS, errors) ?? DEFAULT_AFFINITY_SECONDS,
    ),
  );
}
