/** A source under test, and the objects that its events add up to. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { identityKey, identityOf } from '../../src/api/identity.ts';
import type { ApiObject, Kind, ObjectEvent } from '../../src/api/objects.ts';
import { KubernetesSource, type KubernetesSourceOptions } from '../../src/kubernetes/kubernetes-source.ts';
import { describeProblem } from '../../src/kubernetes/problem.ts';
import type { Timings } from '../../src/kubernetes/timings.ts';

export interface Followed {
  readonly source: KubernetesSource;
  readonly batches: (readonly ObjectEvent[])[];
  readonly objects: ReadonlyMap<string, ApiObject>;
  readonly problems: string[];
  readonly healthy: Kind[];
  /** Names of the objects of a kind, sorted: `shop/web`. */
  names(kind: Kind): string[];
  /** Resolves when the condition holds; fails the test when it does not within some seconds. */
  until(condition: () => boolean, what: string): Promise<void>;
}

/** Short enough for tests, long enough for a busy machine. */
export const QUICK: Partial<Timings> = {
  firstBackoff: 20,
  longestBackoff: 200,
  calm: 2000,
  shortWatch: 100,
  betweenLists: 200,
  answer: 2000,
};

const PATIENCE_MS = 10_000;

/** A source that is closed when the test ends. It is not started yet. */
export function follow(t: ExecutionContext, options: Partial<KubernetesSourceOptions>): Followed {
  const batches: (readonly ObjectEvent[])[] = [];
  const objects = new Map<string, ApiObject>();
  const problems: string[] = [];
  const healthy: Kind[] = [];
  const source = new KubernetesSource({
    nodeName: 'node-1',
    onEvents: (events) => {
      batches.push(events);
      for (const event of events) apply(objects, event);
    },
    onProblem: (problem) => problems.push(describeProblem(problem)),
    onHealthy: (kind) => healthy.push(kind),
    random: () => 0,
    ...options,
    timings: { ...QUICK, ...options.timings },
  });
  t.teardown(() => source.close());
  const until = async (condition: () => boolean, what: string): Promise<void> => {
    const deadline = performance.now() + PATIENCE_MS;
    while (!condition()) {
      if (performance.now() > deadline)
        throw new Error(`waited in vain: ${what}; problems: ${problems.join('\n')}`);
      await delay(5);
    }
  };
  const names = (kind: Kind): string[] =>
    [...objects.values()]
      .filter((object) => object.kind === kind)
      .map((object) => ('namespace' in object ? `${object.namespace}/${object.name}` : object.name))
      .sort();
  return { source, batches, objects, problems, healthy, names, until };
}

function apply(objects: Map<string, ApiObject>, event: ObjectEvent): void {
  if (event.type === 'delete') objects.delete(identityKey(event));
  else objects.set(identityKey(identityOf(event.object)), event.object);
}
