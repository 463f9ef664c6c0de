/**
 * From endpoints that should be and slices that are to the slices that should be, with as few slices touched as possible.
 * Source: staging/src/k8s.io/endpointslice/reconciler.go. No store, no clock.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Endpoint, EndpointPort, SliceObject } from './objects.ts';

export const MOST_ENDPOINTS = 100;

/** Endpoints with the same ports, of one address family: they may share slices. */
export interface Group {
  readonly addressType: string;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** A slice as it should be; `existing` is the one to change into it. */
export interface PlannedSlice {
  readonly existing: SliceObject | undefined;
  readonly addressType: string;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export interface Plan {
  readonly slices: readonly PlannedSlice[];
  readonly superfluous: readonly SliceObject[];
}

/** Plans the slices of a Service. `addressTypes`: the families that it should have slices of, even without endpoints. */
export function planSlices(
  groups: readonly Group[],
  existing: readonly SliceObject[],
  addressTypes: readonly string[],
): Plan {
  const plans = addressTypes.map((addressType) => {
    const own = groups.filter((group) => group.addressType === addressType);
    return planFamily(
      addressType,
      own,
      existing.filter((slice) => slice.addressType === addressType),
    );
  });
  const others = existing.filter((slice) => !addressTypes.includes(slice.addressType));
  return {
    slices: plans.flatMap((it) => it.slices),
    superfluous: [...others, ...plans.flatMap((it) => it.superfluous)],
  };
}

function planFamily(addressType: string, groups: readonly Group[], existing: readonly SliceObject[]): Plan {
  const planned = groups.flatMap((group) =>
    planGroup(
      group,
      existing.filter((slice) => hasPorts(slice, group.ports)),
    ),
  );
  // A Service without endpoints has one slice that says so.
  if (planned.length === 0) planned.push({ existing: undefined, addressType, ports: [], endpoints: [] });
  const used = new Set(planned.map((it) => it.existing));
  const unused = existing.filter((slice) => !used.has(slice));
  // A slice that nobody needs becomes one that is needed, which is one change instead of two.
  const slices = planned.map((it) => (it.existing === undefined ? { ...it, existing: unused.shift() } : it));
  return { slices, superfluous: unused };
}

function hasPorts(slice: SliceObject, ports: readonly EndpointPort[]): boolean {
  return isDeepStrictEqual(slice.ports ?? [], ports);
}

/** What is in a slice stays there; what is new goes to slices that change anyway, then to others with room, then to new ones. */
function planGroup(
  { addressType, ports, endpoints }: Group,
  existing: readonly SliceObject[],
): PlannedSlice[] {
  const wanted = new Map(endpoints.map((endpoint) => [keyOf(endpoint), endpoint]));
  const kept = existing.map((slice) => ({ slice, endpoints: takeKept(slice, wanted) }));
  const missing = [...wanted.values()];
  const isChanging = (it: (typeof kept)[number]): boolean =>
    !isDeepStrictEqual(it.endpoints, it.slice.endpoints ?? []);
  const fillOrder = kept.toSorted((a, b) => Number(isChanging(b)) - Number(isChanging(a)));
  for (const it of fillOrder) it.endpoints.push(...missing.splice(0, MOST_ENDPOINTS - it.endpoints.length));
  const planned: PlannedSlice[] = kept
    .filter((it) => it.endpoints.length > 0)
    .map((it) => ({ existing: it.slice, addressType, ports, endpoints: it.endpoints }));
  while (missing.length > 0) {
    planned.push({ existing: undefined, addressType, ports, endpoints: missing.splice(0, MOST_ENDPOINTS) });
  }
  return planned;
}

/** The endpoints of a slice that are still wanted, in their new state; they are no longer missing. */
function takeKept(slice: SliceObject, wanted: Map<string, Endpoint>): Endpoint[] {
  return (slice.endpoints ?? []).flatMap((endpoint) => {
    const key = keyOf(endpoint);
    const now = wanted.get(key);
    if (now === undefined) return [];
    wanted.delete(key);
    return now;
  });
}

/** A pod that comes back under its old name is another endpoint. */
function keyOf({ targetRef, addresses }: Endpoint): string {
  return `${targetRef?.uid ?? targetRef?.name ?? ''} ${addresses[0]}`;
}
