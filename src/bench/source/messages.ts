/** What the processes of this benchmark are asked, and what they answer. Times are in microseconds. */
import type { MemoryUse } from '../common/memory-use.ts';

export interface ClusterSize {
  readonly services: number;
  /** Of each service. */
  readonly endpoints: number;
  readonly seed: number;
}

/** The process with the API server. */
export type ServerCommands = {
  /** First and once: starts the server and creates everything. Its URL. */
  fill: { request: ClusterSize; reply: string };
  /** CPU time so far. */
  cpu: { request: null; reply: number };
  /** Single changes with a pause before each. When each was handed to the connection. */
  change: { request: { readonly count: number }; reply: number[] };
  /** Changes in one go. When the last was made; nothing leaves before that. */
  burst: { request: { readonly count: number }; reply: number };
};

/** The process that is measured: what `nodeplane run` does. */
export type DaemonCommands = {
  /** First and once: follows the server and fills the kernel. */
  start: { request: StartRequest; reply: StartTimes };
  /** Forgets the changes so far: the next one is the first that counts. */
  arm: { request: null; reply: null };
  /** Waits until so many changes have been committed. */
  committed: { request: { readonly count: number }; reply: Commits };
  /** Fails unless the kernel holds what it should. */
  verify: { request: null; reply: null };
  memory: { request: null; reply: MemoryUse };
};

/** The process that decodes. */
export type DecodeCommands = {
  decode: { request: DecodeRequest; reply: DecodeSpeeds };
};

export interface StartRequest {
  readonly url: string;
  /** The network namespace to program. */
  readonly namespace: string;
}

export interface StartTimes {
  /** From start() to the first complete batch handed to the pipeline: all lists, decoded. */
  readonly listed: number;
  /** From start() until everything is committed in the kernel. */
  readonly committed: number;
  /** Of the daemon, in that time. */
  readonly cpu: number;
}

export interface Commits {
  /** When the process had read the first bytes of each change, in the order of the stream. */
  readonly readAt: readonly number[];
  readonly committedAt: readonly number[];
  /** How many transactions of the kernel it took. */
  readonly transactions: number;
  /** Of the daemon, from `arm` to the last commit. */
  readonly cpu: number;
}

/** Lists, or frames of a watch. */
export type Form = 'list' | 'watch';

export interface DecodeRequest {
  readonly form: Form;
  /** Of each slice. */
  readonly endpoints: number;
}

export interface Speed {
  readonly objectsPerSecond: number;
  readonly bytesPerSecond: number;
}

export interface DecodeSpeeds {
  /** Bytes to checked objects. */
  readonly protobuf: Speed;
  /** JSON.parse and nothing else. */
  readonly jsonParse: Speed;
  /** Bytes to checked objects. */
  readonly json: Speed;
}
