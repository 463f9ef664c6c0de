import type { Situation } from './situation.ts';

/**
 * The smallest situation that still fails: leaves out one list element after the other, anywhere in the Services and
 * slices, while `fails` holds. A candidate that makes `fails` throw is no candidate.
 */
export function minimise<Case extends Situation>(situation: Case, fails: (candidate: Case) => boolean): Case {
  const stillFails = (candidate: Case): boolean => {
    try {
      return fails(candidate);
    } catch {
      return false;
    }
  };
  let smallest = situation;
  let isSmaller = true;
  while (isSmaller) {
    const found = smallerOnes(smallest).find(stillFails);
    isSmaller = found !== undefined;
    smallest = found ?? smallest;
  }
  return smallest;
}

function smallerOnes<Case extends Situation>(situation: Case): Case[] {
  const services = withoutOne(situation.services).map((it) => ({ ...situation, services: it }));
  const slices = withoutOne(situation.endpointSlices).map((it) => ({ ...situation, endpointSlices: it }));
  const fewerPorts = situation.services.flatMap((service, at) =>
    withoutOne(service.spec.ports ?? []).map((ports) => ({
      ...situation,
      services: situation.services.with(at, { ...service, spec: { ...service.spec, ports } }),
    })),
  );
  const fewerEndpoints = situation.endpointSlices.flatMap((slice, at) => [
    ...withoutOne(slice.endpoints ?? []).map((endpoints) => ({
      ...situation,
      endpointSlices: situation.endpointSlices.with(at, { ...slice, endpoints }),
    })),
    ...withoutOne(slice.ports ?? []).map((ports) => ({
      ...situation,
      endpointSlices: situation.endpointSlices.with(at, { ...slice, ports }),
    })),
  ]);
  return [...services, ...slices, ...fewerPorts, ...fewerEndpoints];
}

function withoutOne<Item>(items: readonly Item[]): Item[][] {
  return items.map((_, at) => items.toSpliced(at, 1));
}
