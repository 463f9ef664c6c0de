import type { BackendName } from '../common/backends.ts';
import type { MemoryUse } from '../common/memory-use.ts';
import type { ChurnRequest, ChurnSamples } from './churn.ts';
import type { Change } from './cluster.ts';

/** What the bench asks of a worker: by name, what it sends and what it gets. Times are in microseconds. */
export interface Commands {
  /** First and once: opens the backends and loads everything from empty. */
  load: { request: LoadRequest; reply: number };
  /** Single changes, each `gap` after the one before; the latency of each. */
  change: {
    request: { readonly change: Change; readonly count: number; readonly gap: number };
    reply: number[];
  };
  /** Each endpoint of a service of so many replaced, one after the other; the latency of each. */
  rolling: { request: { readonly endpoints: number; readonly gap: number }; reply: number[] };
  /** Changes of all kinds at a rate. */
  churn: { request: ChurnRequest; reply: ChurnSamples };
  /** Changed slices handed over at once. */
  burst: { request: { readonly count: number }; reply: number };
  /** Fails unless the kernel holds what it should. */
  verify: { request: null; reply: null };
  memory: { request: null; reply: MemoryUse };
}

export interface LoadRequest {
  readonly backend: BackendName;
  readonly services: number;
  readonly endpoints: number;
  readonly seed: number;
  readonly namespace: string | undefined;
}

export type Command = keyof Commands;

export type Request = { [Name in Command]: { command: Name; request: Commands[Name]['request'] } }[Command];
