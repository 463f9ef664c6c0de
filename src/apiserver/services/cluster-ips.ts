/** Cluster IPs out of the ServiceCIDRs. Source: pkg/registry/core/service/{storage/alloc.go,ipallocator}. */
import { canonicalAddress } from '../../net/address.ts';
import { type FieldError, invalidValue } from '../field-error.ts';
import type { Cluster } from '../store/cluster.ts';
import { freeIndex, lowerBandOf } from './free-index.ts';
import { IpRange } from './ip-range.ts';
import { isExternalName, isHeadless, type ServiceSpec } from './service-object.ts';

/** Gives a Service one cluster IP for each of its families, those first that the user asked for. */
export function allocateClusterIPs(key: string, spec: ServiceSpec, cluster: Cluster): FieldError[] {
  if (isExternalName(spec) || isHeadless(spec)) return [];
  const ranges = cluster.serviceCidrs().map((text) => IpRange.of(text));
  const ips: string[] = [];
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    const asked = spec.clusterIPs?.[index] ?? '';
    const own = ranges.filter((range) => range.family === family);
    const result = asked === '' ? nextIp(own, key, cluster) : takeIp(asked, own, key, cluster);
    if ('problem' in result) return [invalidValue('spec.clusterIPs', spec.clusterIPs ?? [], result.problem)];
    ips.push(result.ip);
  }
  spec.clusterIPs = ips;
  if (ips[0] !== undefined) spec.clusterIP = ips[0];
  return [];
}

type Allocation = { readonly ip: string } | { readonly problem: string };

function takeIp(asked: string, ranges: readonly IpRange[], key: string, { allocated }: Cluster): Allocation {
  const ip = canonicalAddress(asked) ?? asked;
  const fail = (why: string): Allocation => ({ problem: `failed to allocate IP ${asked}: ${why}` });
  if (!ranges.some((range) => range.contains(ip))) {
    const valid = ranges.map((range) => range.text).join(', ');
    return fail(`the provided network does not match the current range: valid ranges are ${valid}`);
  }
  return allocated.isIpTaken(ip, key) ? fail('provided IP is already allocated') : { ip };
}

function nextIp(ranges: readonly IpRange[], key: string, { allocated, random }: Cluster): Allocation {
  for (const range of ranges) {
    const isFree = (index: number): boolean => !allocated.isIpTaken(range.at(index), key);
    const index = freeIndex(range.size, lowerBandOf(range.size, 16, 256), random, isFree);
    if (index !== undefined) return { ip: range.at(index) };
  }
  return { problem: 'failed to allocate a serviceIP: range is full' };
}
