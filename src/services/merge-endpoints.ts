import type { SlicePort } from './known-services.ts';
import type { ServedEndpoint } from './served-port.ts';

/** All endpoints of a service port, merged over its slices (EP-12) and unique (EP-11). */
export function mergeEndpoints(slicePorts: readonly SlicePort[]): readonly ServedEndpoint[] {
  const [only, ...others] = slicePorts;
  if (only === undefined) return NONE;
  if (others.length === 0 && !hasDuplicates(only.endpoints)) return only.endpoints;
  return mergeUnique(slicePorts);
}

const NONE: readonly ServedEndpoint[] = [];

/** Most Services have one small slice: comparing all pairs of it beats a set, and leaves no garbage. */
const FEW_ENDPOINTS = 24;

/** Of a list that one slice gives to one port, so that addresses alone tell endpoints apart. */
function hasDuplicates(list: readonly ServedEndpoint[]): boolean {
  if (list.length > FEW_ENDPOINTS) return new Set(list.map((it) => it.address)).size !== list.length;
  for (let i = 1; i < list.length; i++) {
    for (let j = 0; j < i; j++) if (list[i]?.address === list[j]?.address) return true;
  }
  return false;
}

/** Duplicates: a non-terminating entry replaces what was there, a terminating one never does (EP-11). */
function mergeUnique(slicePorts: readonly SlicePort[]): readonly ServedEndpoint[] {
  const unique = new Map<string, ServedEndpoint>();
  for (const { endpoints } of slicePorts) {
    for (const endpoint of endpoints) {
      if (endpoint.terminating && unique.has(endpoint.endpoint)) continue;
      unique.set(endpoint.endpoint, endpoint);
    }
  }
  return [...unique.values()];
}
