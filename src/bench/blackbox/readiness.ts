import { initialEndpoints } from './cluster-plan.ts';
import type { Readiness, ReadyRequest } from './messages.ts';
import { probeUntil, startPause } from './probe-until.ts';
import type { Prober, Target } from './prober.ts';

/** Far fewer than the queue of an interface holds. */
const BATCH = 32;

/** Probes the probed services until all of them answered, then asks all services once. */
export async function becomeReady(prober: Prober, request: ReadyRequest): Promise<Readiness> {
  const { probed, timeoutMs } = request;
  const targets = targetsOf(request);
  const watched = new Set(targets.filter((_, service) => probed.has(service)));
  const first = await probeUntil(timeoutMs, startPause, () => {
    ask(prober, watched);
    return watched.size < probed.size;
  });
  const last =
    first && (await probeUntil(timeoutMs, startPause, () => watched.size === 0 || ask(prober, watched)));
  if (last === undefined) return { firstAt: first?.at ?? null, allAt: null, missing: watched.size };
  const missing = new Set(targets);
  const allAt = await askAll(prober, missing, last.at, timeoutMs);
  return { firstAt: first?.at ?? null, allAt, missing: missing.size };
}

function targetsOf({ clusterIPs, size, probed }: ReadyRequest): Target[] {
  return clusterIPs.map((clusterIP, service) => {
    const endpoint = probed.get(service);
    if (endpoint !== undefined) return { clusterIP, isWanted: (it) => it === endpoint };
    const endpoints = new Set(initialEndpoints(size, service));
    return { clusterIP, isWanted: (it) => endpoints.has(it) };
  });
}

/**
 * All of them take some time to ask. If they answer the first question, they were there when the probed ones were, for all
 * that can be known; else the time is that of the last one that was late, or null if one never answered.
 */
async function askAll(
  prober: Prober,
  missing: Set<Target>,
  probedAt: number,
  timeoutMs: number,
): Promise<number | null> {
  if (ask(prober, missing)) return probedAt;
  return (await probeUntil(timeoutMs, startPause, () => ask(prober, missing)))?.at ?? null;
}

/** Asks each once and drops those that answer; whether none is left. */
function ask(prober: Prober, targets: Set<Target>): boolean {
  for (const batch of batches([...targets])) {
    for (const index of prober.ask(batch)) {
      const target = batch[index];
      if (target !== undefined) targets.delete(target);
    }
  }
  return targets.size === 0;
}

function* batches<Item>(items: readonly Item[]): Iterable<Item[]> {
  for (let start = 0; start < items.length; start += BATCH) yield items.slice(start, start + BATCH);
}
