/** IP families of a Service by what the user and the cluster say. Source: alloc.go, initIPFamilyFields. */
import { isDeepStrictEqual } from 'node:util';
import { type Family, familyOf, parseCidr } from '../../net/address.ts';
import { type FieldError, invalidValue } from '../field-error.ts';
import type { Cluster } from '../store/cluster.ts';
import { isExternalName, isHeadless, type ServiceSpec } from './service-object.ts';

const POLICY = 'spec.ipFamilyPolicy';

/** Sets `ipFamilyPolicy` and `ipFamilies`. */
export function setFamilies(spec: ServiceSpec, old: ServiceSpec | undefined, cluster: Cluster): FieldError[] {
  if (isExternalName(spec)) return [];
  const configured = configuredFamilies(cluster);
  spec.ipFamilyPolicy ??= old?.ipFamilyPolicy ?? (isSelfManaged(spec) ? 'RequireDualStack' : 'SingleStack');
  const errors = [
    ...followPolicyChange(spec, old),
    ...tooManyForSingleStack(spec),
    ...inferFamilies(spec, configured),
  ];
  if (errors.length > 0) return errors;
  if (isSelfManaged(spec)) {
    spec.ipFamilies = completed(spec, configured[0] ?? 'IPv4', true);
    return [];
  }
  errors.push(...unconfigured(spec, configured));
  if (errors.length === 0)
    spec.ipFamilies = completed(spec, configured[0] ?? 'IPv4', configured.length === 2);
  return errors;
}

/** Headless without a selector: nobody looks at its families, so anything goes. */
function isSelfManaged(spec: ServiceSpec): boolean {
  return isHeadless(spec) && Object.keys(spec.selector ?? {}).length === 0;
}

/** The families that ServiceCIDRs have, the default first. */
function configuredFamilies(cluster: Cluster): Family[] {
  const families = cluster.serviceCidrs().flatMap((text) => parseCidr(text)?.family ?? []);
  return [...new Set(families)];
}

/** SingleStack gives up the second family; otherwise none may be given up. */
function followPolicyChange(spec: ServiceSpec, old: ServiceSpec | undefined): FieldError[] {
  if (old === undefined) return [];
  if (spec.ipFamilyPolicy === 'SingleStack') {
    if (isDeepStrictEqual(spec.clusterIPs, old.clusterIPs)) truncate(spec, 'clusterIPs');
    if (isDeepStrictEqual(spec.ipFamilies, old.ipFamilies)) truncate(spec, 'ipFamilies');
    return [];
  }
  const errors: FieldError[] = [];
  const fail = (what: string): void => {
    errors.push(
      invalidValue(POLICY, spec.ipFamilyPolicy, `must be 'SingleStack' to release the secondary ${what}`),
    );
  };
  if (isReduced(spec.clusterIPs, old.clusterIPs)) fail('cluster IP');
  if (isReduced(spec.ipFamilies, old.ipFamilies)) fail('IP family');
  return errors;
}

function truncate(spec: ServiceSpec, list: 'clusterIPs' | 'ipFamilies'): void {
  const values = spec[list];
  if (values !== undefined && values.length > 1) spec[list] = values.slice(0, 1);
}

function isReduced(now: readonly string[] = [], before: readonly string[] = []): boolean {
  return now.length === 1 && before.length === 2 && now[0] === before[0];
}

function tooManyForSingleStack(spec: ServiceSpec): FieldError[] {
  if (spec.ipFamilyPolicy !== 'SingleStack') return [];
  const detail = (what: string): string =>
    `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
  return [
    ...(spec.clusterIPs?.length === 2
      ? [invalidValue(POLICY, spec.ipFamilyPolicy, detail('cluster IPs'))]
      : []),
    ...(spec.ipFamilies?.length === 2
      ? [invalidValue(POLICY, spec.ipFamilyPolicy, detail('IP families'))]
      : []),
  ];
}

function inferFamilies(spec: ServiceSpec, configured: readonly Family[]): FieldError[] {
  const families = [...(spec.ipFamilies ?? [])];
  const errors: FieldError[] = [];
  for (const [index, ip] of (spec.clusterIPs ?? []).entries()) {
    if (ip === 'None' || index < families.length) continue;
    const family = familyOf(ip);
    if (configured.includes(family)) families.push(family);
    else
      errors.push(
        invalidValue(
          `spec.clusterIPs[${index}]`,
          spec.clusterIPs,
          `${family} is not configured on this cluster`,
        ),
      );
  }
  if (families.length > 0) spec.ipFamilies = families;
  return errors;
}

function unconfigured(spec: ServiceSpec, configured: readonly Family[]): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.ipFamilyPolicy === 'RequireDualStack' && configured.length < 2) {
    errors.push(
      invalidValue(POLICY, spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services'),
    );
  }
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    if (configured.some((it) => it === family)) continue;
    errors.push(invalidValue(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster'));
  }
  return errors;
}

/** The families with the default one, and the other one where the policy wants two and two can be had. */
function completed(spec: ServiceSpec, first: Family, canBeDual: boolean): string[] {
  const families = spec.ipFamilies ?? [first];
  if (families.length !== 1 || spec.ipFamilyPolicy === 'SingleStack' || !canBeDual) return families;
  return [...families, families[0] === 'IPv4' ? 'IPv6' : 'IPv4'];
}
