/**
 * When the change happened that a new version of slices shows, for measuring how long it takes to arrive.
 * Source: staging/src/k8s.io/endpointslice/util/trigger_time_tracker.go.
 */
import type { ServiceObject } from '../services/service-object.ts';
import type { PodObject } from './objects.ts';

export class TriggerTimes {
  readonly #seen = new Map<string, ReadonlyMap<string, string>>();

  /** The earliest change of a Service and its pods that was not reported yet, or undefined. */
  next(key: string, service: ServiceObject, pods: readonly PodObject[]): string | undefined {
    const before = this.#seen.get(key);
    const now = new Map(pods.map((pod) => [pod.metadata.name, readyTime(pod)]).filter(hasTime));
    this.#seen.set(key, now);
    const changed = [...now].filter(([name, time]) => before?.get(name) !== time).map(([, time]) => time);
    const created = service.metadata.creationTimestamp;
    if (before === undefined && created !== undefined) changed.push(created);
    return changed.sort()[0];
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}

function readyTime({ status }: PodObject): string | undefined {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;
}

function hasTime(entry: (string | undefined)[]): entry is [string, string] {
  return entry[1] !== undefined;
}
