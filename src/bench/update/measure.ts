import type { BackendName } from '../common/backends.ts';
import type { MemoryUse } from '../common/memory-use.ts';
import { withNamespace } from '../common/namespace.ts';
import type { Progress } from '../common/progress.ts';
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
  readonly seed: number;
}

/** Everything that was measured about one case, unrounded. Times are in microseconds. */
export interface Samples {
  readonly load: number;
  readonly changes: Readonly<Record<Change, readonly number[]>>;
  /** Of the C program; undefined if there is none for the backend. */
  readonly floor: { readonly load: number; readonly replace: readonly number[] } | undefined;
  readonly bursts: readonly number[];
  readonly memory: MemoryUse;
  /** The same load and changes with the memory backend: the pipeline alone. */
  readonly pipeline: { readonly load: number; readonly replace: readonly number[] };
}

/** Floor and changes take turns in blocks of this size, so that noise of the machine hits both alike. */
const BLOCK = 100;

/** Changes of each kind that come first and are not counted: until then the code is not compiled. */
const WARM_UP = 1000;

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
    progress('bursts');
    const bursts = await measureBursts(worker);
    progress('reading back');
    await worker.ask('verify', null);
    const floorSamples = floorLoad === undefined ? undefined : { load: floorLoad, replace: floorReplace };
    return { load, changes, floor: floorSamples, bursts, memory };
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
  await floor?.change(WARM_UP);
  for (let done = 0; done < WARM_UP; done += BLOCK) {
    for (const change of CHANGES) await worker.ask('change', { change, count: BLOCK });
  }
  const changes: Record<Change, number[]> = { replace: [], add: [], remove: [] };
  const floorReplace: number[] = [];
  for (let done = 0; done < it.changes; done += BLOCK) {
    progress(`changes ${done}/${it.changes}`);
    const count = Math.min(BLOCK, it.changes - done);
    floorReplace.push(...((await floor?.change(count)) ?? []));
    for (const change of CHANGES) changes[change].push(...(await worker.ask('change', { change, count })));
  }
  return { changes, floorReplace };
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
    await worker.ask('change', { change: 'replace', count: WARM_UP });
    return { load, replace: await worker.ask('change', { change: 'replace', count: it.changes }) };
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
