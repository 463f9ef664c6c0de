/** Validation of Services. Source: pkg/apis/core/validation/validation.go, ValidateService and ValidateServiceUpdate. */
import { canonicalAddress, familyOf, parseCidr } from '../../net/address.ts';
import { type FieldError, invalidValue, notSupported, required } from '../field-error.ts';
import {
  isExternalName,
  isHeadless,
  isReachedFromOutside,
  needsHealthCheckPort,
  type ServiceSpec,
} from './service-object.ts';
import { validatePorts } from './validate-ports.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const AFFINITIES = ['ClientIP', 'None'];
const TRAFFIC_POLICIES = ['Cluster', 'Local'];
const DISTRIBUTIONS = ['PreferClose', 'PreferSameNode', 'PreferSameZone'];
const FAMILIES = ['IPv4', 'IPv6'];
const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const IP_RULE = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const CIDR_RULE = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** The faults of a Service whose defaults are set. */
export function validateService(spec: ServiceSpec, old: ServiceSpec | undefined): FieldError[] {
  return [
    ...(isExternalName(spec) ? validateExternalName(spec) : validateClusterIPs(spec)),
    ...(needsPorts(spec) && spec.ports === undefined ? [required('spec.ports')] : []),
    ...validatePorts(spec),
    ...validateChoices(spec),
    ...validateAffinity(spec),
    ...validateAddresses(spec),
    ...validateOutside(spec),
    ...(old === undefined ? [] : validateChange(spec, old)),
  ];
}

function needsPorts(spec: ServiceSpec): boolean {
  return !isHeadless(spec) && !isExternalName(spec);
}

function validateExternalName(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const mayNot = 'may not be set for ExternalName services';
  if ((spec.clusterIPs ?? []).length > 0)
    errors.push(invalidValue('spec.clusterIPs', spec.clusterIPs, mayNot));
  if (spec.externalName === undefined) errors.push(required('spec.externalName'));
  return errors;
}

function validateClusterIPs(spec: ServiceSpec): FieldError[] {
  const { clusterIP = '', clusterIPs = [] } = spec;
  const errors: FieldError[] = [];
  if (clusterIPs.length > 0 && clusterIPs[0] !== clusterIP) {
    errors.push(invalidValue('spec.clusterIPs', clusterIPs, 'first value must match `clusterIP`'));
  }
  for (const [index, ip] of clusterIPs.entries()) {
    if (ip === 'None' && index === 0) continue;
    if (canonicalAddress(ip) === undefined)
      errors.push(invalidValue(`spec.clusterIPs[${index}]`, ip, IP_RULE));
    else if ((spec.ipFamilies?.[index] ?? familyOf(ip)) !== familyOf(ip)) {
      errors.push(
        invalidValue(
          `spec.clusterIPs[${index}]`,
          ip,
          `expected an ${spec.ipFamilies?.[index]} value as indicated by \`ipFamilies[${index}]\``,
        ),
      );
    }
  }
  const [first, second] = clusterIPs;
  if (first === 'None' && second !== undefined) {
    errors.push(invalidValue('spec.clusterIPs', clusterIPs, "'None' must be the first and only value"));
  } else if (first !== undefined && second !== undefined && familyOf(first) === familyOf(second)) {
    errors.push(
      invalidValue('spec.clusterIPs', clusterIPs, 'may specify no more than one IP for each IP family'),
    );
  }
  return errors;
}

function validateChoices(spec: ServiceSpec): FieldError[] {
  const choices: readonly (readonly [string, string | undefined, readonly string[]])[] = [
    ['spec.type', spec.type, TYPES],
    ['spec.sessionAffinity', spec.sessionAffinity, AFFINITIES],
    ['spec.internalTrafficPolicy', spec.internalTrafficPolicy, TRAFFIC_POLICIES],
    ['spec.externalTrafficPolicy', spec.externalTrafficPolicy, TRAFFIC_POLICIES],
    ['spec.trafficDistribution', spec.trafficDistribution, DISTRIBUTIONS],
    ['spec.ipFamilyPolicy', spec.ipFamilyPolicy, FAMILY_POLICIES],
    ...(spec.ipFamilies ?? []).map(
      (family, index) => [`spec.ipFamilies[${index}]`, family, FAMILIES] as const,
    ),
  ];
  return choices.flatMap(([field, value, supported]) =>
    value === undefined || supported.includes(value) ? [] : notSupported(field, value, supported),
  );
}

function validateAffinity(spec: ServiceSpec): FieldError[] {
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (seconds === undefined || (seconds > 0 && seconds <= 86400)) return [];
  const field = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds';
  return [invalidValue(field, seconds, 'must be greater than 0 and less than 86400')];
}

function validateAddresses(spec: ServiceSpec): FieldError[] {
  const ips = (spec.externalIPs ?? []).flatMap((ip, index) =>
    canonicalAddress(ip) === undefined ? invalidValue(`spec.externalIPs[${index}]`, ip, IP_RULE) : [],
  );
  const ranges = (spec.loadBalancerSourceRanges ?? []).flatMap((range, index) =>
    parseCidr(range.trim()) === undefined
      ? invalidValue(`spec.loadBalancerSourceRanges[${index}]`, range, CIDR_RULE)
      : [],
  );
  return [...ips, ...ranges];
}

function validateOutside(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (field: keyof ServiceSpec & string, detail: string): void => {
    if (spec[field] !== undefined) errors.push(invalidValue(`spec.${field}`, spec[field], detail));
  };
  if (!isReachedFromOutside(spec))
    refuse('externalTrafficPolicy', 'may only be set for externally-accessible services');
  if (!needsHealthCheckPort(spec)) {
    refuse(
      'healthCheckNodePort',
      "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    );
  }
  if (spec.type !== 'LoadBalancer') {
    const only = "may only be used when `type` is 'LoadBalancer'";
    refuse('allocateLoadBalancerNodePorts', only);
    refuse('loadBalancerClass', only);
  }
  return errors;
}

function validateChange(spec: ServiceSpec, old: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const isWithIPs = !isExternalName(spec) && !isExternalName(old);
  const before = old.clusterIPs ?? [];
  if (isWithIPs && before[0] !== undefined && before[0] !== spec.clusterIPs?.[0]) {
    errors.push(invalidValue('spec.clusterIPs[0]', spec.clusterIPs ?? null, 'may not change once set'));
  }
  if (
    isWithIPs &&
    old.ipFamilies?.[0] !== undefined &&
    spec.ipFamilies?.[0] !== undefined &&
    old.ipFamilies[0] !== spec.ipFamilies[0]
  ) {
    errors.push(invalidValue('spec.ipFamilies[0]', spec.ipFamilies, 'may not change once set'));
  }
  if (
    needsHealthCheckPort(spec) &&
    needsHealthCheckPort(old) &&
    spec.healthCheckNodePort !== old.healthCheckNodePort
  ) {
    errors.push(
      invalidValue('spec.healthCheckNodePort', spec.healthCheckNodePort ?? 0, 'field is immutable'),
    );
  }
  if (
    spec.type === 'LoadBalancer' &&
    old.type === 'LoadBalancer' &&
    spec.loadBalancerClass !== old.loadBalancerClass
  ) {
    errors.push(
      invalidValue('spec.loadBalancerClass', spec.loadBalancerClass ?? null, 'may not change once set'),
    );
  }
  return errors;
}
