import type { BackendName } from '../common/backends.ts';
import type { MemoryUse } from '../common/memory-use.ts';
import { withNamespace } from '../common/namespace.ts';
import type { Progress } from '../common/progress.ts';
import { percentile } from '../common/statistics.ts';
import type { ChurnRequest, ChurnSamples } from './churn.ts';
import { CHANGES, type Change } from './cluster.ts';
import { FloorProcess } from './floor-process.ts';
import type { LoadRequest } from './messages.ts';
import { WorkerProcess } from './worker-process.ts';

export interface Case {
  readonly backend: BackendName;
  readonly services: number;
  /** Of each service. */
  readonly endpoints: number;
  /** How many changes of each kind are measured. */
  readonly changes: number;
  /** Changes of all kinds at a rate; none if it lasts 0 seconds. */
  readonly churn: ChurnRequest;
  readonly seed: number;
}

/** Everything that was measured about one case, unrounded. Times are in microseconds. */
export interface Samples {
  readonly load: number;
  readonly changes: Readonly<Record<Change, readonly number[]>>;
  /** Of the C program; undefined if there is none for the backend. */
  readonly floor: { readonly load: number; readonly replace: readonly number[] } | undefined;
  readonly rolling: readonly number[];
  readonly churn: ChurnSamples | undefined;
  /** Changes a second; undefined if it was not looked for. */
  readonly highestRate: number | undefined;
  readonly bursts: readonly number[];
  readonly memory: MemoryUse;
  /** The same load and changes with the memory backend: the pipeline alone. */
  readonly pipeline: { readonly load: number; readonly replace: readonly number[] };
}

/** Floor and changes take turns in blocks of this size, so that noise of the machine hits both alike. */
const BLOCK = 100;

/** Changes of each kind that come first and are not counted: until then the code is not compiled. */
const WARM_UP = 1000;

/**
 * From one change to the next, in microseconds, for the floor too: after a deletion the kernel waits for a grace period
 * of RCU and frees memory, in a thread of its own on the same processor, and changes that follow at once would pay for that.
 */
const GAP = 200;

const ROLLING_ENDPOINTS = 1000;

const BURST_SIZE = 1000;
const BURSTS = 11;

/** Measures one case in processes and a namespace of its own. */
export async function measure(it: Case, progress: Progress): Promise<Samples> {
  const samples =
    it.backend === 'memory'
      ? await measureIn(undefined, it, progress)
      : await withNamespace((namespace) => measureIn(namespace, it, progress));
  return { ...samples, pipeline: await measurePipeline(it, progress) };
}

async function measureIn(
  namespace: string | undefined,
  it: Case,
  progress: Progress,
): Promise<Omit<Samples, 'pipeline'>> {
  const worker = new WorkerProcess();
  // The C program knows nftables alone.
  const isFloorKnown = namespace !== undefined && it.backend === 'nftables';
  const floor = isFloorKnown ? new FloorProcess(namespace) : undefined;
  try {
    progress('loading');
    const load = await worker.ask('load', loadRequest(it, namespace));
    const floorLoad = await floor?.load(it.services, it.endpoints);
    const { changes, floorReplace } = await measureChanges(worker, floor, it, progress);
    const memory = await worker.ask('memory', null);
    progress('rolling update');
    const rolling = await worker.ask('rolling', { endpoints: ROLLING_ENDPOINTS, gap: GAP });
    const churned = it.churn.seconds === 0 ? NO_CHURN : await measureChurn(worker, it.churn, progress);
    progress('bursts');
    const bursts = await measureBursts(worker);
    progress('reading back');
    await worker.ask('verify', null);
    const floorSamples = floorLoad === undefined ? undefined : { load: floorLoad, replace: floorReplace };
    return { load, changes, floor: floorSamples, rolling, ...churned, bursts, memory };
  } finally {
    await Promise.all([worker.close(), floor?.close()]);
  }
}

async function measureChanges(
  worker: WorkerProcess,
  floor: FloorProcess | undefined,
  it: Case,
  progress: Progress,
): Promise<{ changes: Record<Change, number[]>; floorReplace: number[] }> {
  progress('warming up');
  await floor?.change(WARM_UP, 0);
  for (let done = 0; done < WARM_UP; done += BLOCK) {
    for (const change of CHANGES) await worker.ask('change', { change, count: BLOCK, gap: 0 });
  }
  const changes: Record<Change, number[]> = { replace: [], add: [], remove: [], create: [], delete: [] };
  const floorReplace: number[] = [];
  for (let done = 0; done < it.changes; done += BLOCK) {
    progress(`changes ${done}/${it.changes}`);
    const count = Math.min(BLOCK, it.changes - done);
    floorReplace.push(...((await floor?.change(count, GAP)) ?? []));
    for (const change of CHANGES)
      changes[change].push(...(await worker.ask('change', { change, count, gap: GAP })));
  }
  return { changes, floorReplace };
}

const NO_CHURN = { churn: undefined, highestRate: undefined };

async function measureChurn(
  worker: WorkerProcess,
  request: ChurnRequest,
  progress: Progress,
): Promise<Pick<Samples, 'churn' | 'highestRate'>> {
  progress(`${request.rate} changes a second`);
  const churn = await worker.ask('churn', request);
  return { churn, highestRate: await highestRate(worker, progress) };
}

/** Longer latencies than this (p99, in microseconds) mean that a rate is not held. */
const HELD_P99 = 5000;
const FIRST_RATE = 1000;
const TRIAL_SECONDS = 1;

/**
 * Doubles the rate until it is not held, and halves the gap twice. 0 if not even the first is held. Two trials in turn must
 * fail: one pause of the machine spoils a trial.
 */
async function highestRate(worker: WorkerProcess, progress: Progress): Promise<number> {
  const isHeldOnce = async (rate: number): Promise<boolean> => {
    progress(`trying ${rate} changes a second`);
    const { latencies } = await worker.ask('churn', { rate, seconds: TRIAL_SECONDS });
    return percentile(Float64Array.from(latencies).sort(), 99) <= HELD_P99;
  };
  const isHeld = async (rate: number): Promise<boolean> => (await isHeldOnce(rate)) || isHeldOnce(rate);
  let rate = FIRST_RATE;
  while (await isHeld(rate)) rate *= 2;
  let held = rate === FIRST_RATE ? 0 : rate / 2;
  for (let step = held / 2; step >= held / 4 && step > 0; step /= 2)
    if (await isHeld(held + step)) held += step;
  return held;
}

async function measureBursts(worker: WorkerProcess): Promise<number[]> {
  const bursts: number[] = [];
  while (bursts.length < BURSTS) bursts.push(await worker.ask('burst', { count: BURST_SIZE }));
  return bursts;
}

/** What the pipeline costs without a kernel: what is left above the floor is the backend's. */
async function measurePipeline(it: Case, progress: Progress): Promise<Samples['pipeline']> {
  const worker = new WorkerProcess();
  try {
    progress('pipeline alone');
    const load = await worker.ask('load', loadRequest({ ...it, backend: 'memory' }, undefined));
    await worker.ask('change', { change: 'replace', count: WARM_UP, gap: 0 });
    const replace = await worker.ask('change', { change: 'replace', count: it.changes, gap: GAP });
    return { load, replace };
  } finally {
    await worker.close();
  }
}

function loadRequest(
  { backend, services, endpoints, seed }: Case,
  namespace: string | undefined,
): LoadRequest {
  return { backend, services, endpoints, seed, namespace };
}
