/** The process that is a node, and probes it. It does one thing at a time and nothing else. Talks with child.ts. */

import { constants, setPriority } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { serve } from '../../process/serve.ts';
import { monotonic } from '../source/clock.ts';
import { initialEndpoints } from './cluster-plan.ts';
import type { Answered, AwaitRequest, NodeCommands, Readiness, ReadyRequest } from './messages.ts';
import { enterNode } from './node-network.ts';
import { Prober, type Target } from './prober.ts';

/**
 * Between probes the CPU is left to others. A daemon that takes long is probed less often, still several times each millisecond:
 * else the kernel's table of connections would fill with probes.
 */
const PAUSE_MS = 0.05;
const LONG_PAUSE_MS = 0.4;
const LONG_US = 100_000;

/** Far fewer than the queue of an interface holds. */
const BATCH = 32;

// A probe that has to wait for the CPU tells late what has been true for a while; it takes some microseconds at a time.
setPriority(constants.priority.PRIORITY_HIGHEST);

const prober = new Prober(enterNode());

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Shorter than any timer of Node. */
function pause(milliseconds: number): void {
  Atomics.wait(sleeper, 0, 0, milliseconds);
}

/**
 * Calls `probe` over and over until it is true; undefined if it takes too long. Lets messages in between, so that the process
 * can be ended.
 */
async function probeUntil(timeoutMs: number, probe: () => boolean): Promise<Answered | undefined> {
  const startedAt = monotonic();
  let probedAt = startedAt;
  for (let probes = 1; probedAt - startedAt <= timeoutMs * 1000; probes++) {
    const before = probedAt;
    probedAt = monotonic();
    if (probe()) return { at: monotonic(), gap: probedAt - before, probes };
    pause(probedAt - startedAt > LONG_US ? LONG_PAUSE_MS : PAUSE_MS);
    await nextTurn();
  }
  return undefined;
}

async function becomeReady({ clusterIPs, size, probed, timeoutMs }: ReadyRequest): Promise<Readiness> {
  const targets = clusterIPs.map((clusterIP, service): Target => {
    const endpoint = probed.get(service);
    if (endpoint !== undefined) return { clusterIP, isWanted: (it) => it === endpoint };
    const endpoints = new Set(initialEndpoints(size, service));
    return { clusterIP, isWanted: (it) => endpoints.has(it) };
  });
  const watched = new Set(targets.filter((_, service) => probed.has(service)));
  const askWatched = (isDone: () => boolean): (() => boolean) => {
    return () => {
      drop(watched, prober.ask([...watched]));
      return isDone();
    };
  };
  const first = await probeUntil(
    timeoutMs,
    askWatched(() => watched.size < probed.size),
  );
  const last =
    first &&
    (await probeUntil(
      timeoutMs,
      askWatched(() => watched.size === 0),
    ));
  if (last === undefined) return { firstAt: first?.at ?? null, allAt: null, missing: watched.size };
  const missing = new Set(targets);
  const allAt = await askAll(missing, last.at, timeoutMs);
  return { firstAt: first?.at ?? null, allAt, missing: missing.size };
}

/**
 * Asks all services, which takes some time. If all of them answer the first question, they were there when the probed ones
 * were, for all that can be known; else the time is that of the last one that was late.
 */
async function askAll(missing: Set<Target>, probedAt: number, timeoutMs: number): Promise<number | null> {
  const askOnce = (): boolean => {
    for (const batch of batches([...missing])) drop(missing, prober.ask(batch), batch);
    return missing.size === 0;
  };
  if (askOnce()) return probedAt;
  return (await probeUntil(timeoutMs, askOnce))?.at ?? null;
}

function drop(targets: Set<Target>, answered: readonly number[], asked = [...targets]): void {
  for (const index of answered) {
    const target = asked[index];
    if (target !== undefined) targets.delete(target);
  }
}

function* batches<Item>(items: readonly Item[]): Iterable<Item[]> {
  for (let start = 0; start < items.length; start += BATCH) yield items.slice(start, start + BATCH);
}

async function awaitEndpoint({ clusterIP, endpoint, timeoutMs }: AwaitRequest): Promise<Answered | null> {
  const target: Target = { clusterIP, isWanted: (it) => it === endpoint };
  return (await probeUntil(timeoutMs, () => prober.ask([target]).length > 0)) ?? null;
}

serve<NodeCommands>({
  open: () => ({ namespace: `/proc/${process.pid}/ns/net` }),
  becomeReady,
  awaitEndpoint,
});
