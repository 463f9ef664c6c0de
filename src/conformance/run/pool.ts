import type { KernelBackendName } from '../../backends/kernel-backend.ts';
import type { Vector } from '../vectors/vector.ts';
import type { CaseOutcome } from './messages.ts';
import { hasPauses } from './sequence.ts';
import { WorkerProcess } from './worker-process.ts';

export interface PoolOptions {
  readonly backend: KernelBackendName;
  /** Vectors that are worked on at the same time. */
  readonly jobs: number;
  /** Told when a vector is done. */
  readonly onDone?: () => void;
}

/** Sequences that wait side by side, besides the vectors that are worked on: each has a process, which sleeps. */
const MAX_WAITING = 8;

/** Runs vectors, many side by side; their outcomes in the same order. */
export async function runVectors(vectors: readonly Vector[], options: PoolOptions): Promise<CaseOutcome[]> {
  const units = vectors.map(unitsOf);
  const outcomes = new Map<Vector, CaseOutcome>();
  const [waiting = [], working = []] = [true, false].map((isWaiting) =>
    units.flat().filter((unit) => unit.sequences.some(hasPauses) === isWaiting),
  );
  await Promise.all([
    ...lanes(MAX_WAITING, waiting, outcomes, options),
    ...lanes(options.jobs, working, outcomes, options),
  ]);
  return units.map((parts) => merged(parts.flatMap((part) => outcomes.get(part) ?? [])));
}

/** A vector without its sequences that wait, and each of those alone: a sequence starts from nothing anyway. */
function unitsOf(vector: Vector): Vector[] {
  const { sequences } = vector;
  const alone = { ...vector, flows: [], conntrack: [], healthChecks: [] };
  return [
    { ...vector, sequences: sequences.filter((sequence) => !hasPauses(sequence)) },
    ...sequences.filter(hasPauses).map((sequence) => ({ ...alone, sequences: [sequence] })),
  ];
}

function lanes(
  most: number,
  units: readonly Vector[],
  outcomes: Map<Vector, CaseOutcome>,
  options: PoolOptions,
): Promise<void>[] {
  const queue = [...units];
  return Array.from({ length: Math.min(most, units.length) }, () => drain(queue, outcomes, options));
}

/** One process after the other until the queue is empty: a new one when a vector has ended it. */
async function drain(
  queue: Vector[],
  outcomes: Map<Vector, CaseOutcome>,
  options: PoolOptions,
): Promise<void> {
  while (queue.length > 0) {
    const worker = new WorkerProcess();
    try {
      await feed(worker, queue, outcomes, options);
    } finally {
      await worker.close();
    }
  }
}

async function feed(
  worker: WorkerProcess,
  queue: Vector[],
  outcomes: Map<Vector, CaseOutcome>,
  { backend, onDone }: PoolOptions,
): Promise<void> {
  for (let vector = queue.shift(); vector !== undefined; vector = queue.shift()) {
    try {
      outcomes.set(vector, await worker.ask('run', { vector, backend }));
    } catch (error) {
      outcomes.set(vector, { problem: error instanceof Error ? error.message : String(error) });
      return;
    } finally {
      onDone?.();
    }
  }
}

function merged(parts: readonly CaseOutcome[]): CaseOutcome {
  const problem = parts.find((part) => 'problem' in part);
  return problem ?? { results: parts.flatMap((part) => ('results' in part ? part.results : [])) };
}
