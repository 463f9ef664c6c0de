import type { MemoryUse } from '../common/memory-use.ts';
import { type Distribution, distributionOf, median, tenths } from '../common/statistics.ts';
import { BURST_SIZE, type Case, type ChangeSamples, type Samples, type Start } from './measure.ts';
import type { DecodeSpeeds, Form, Speed } from './messages.ts';

/** What was measured, in the form that `--json` prints. Megabytes are 10^6 bytes. */
export interface Result {
  readonly services: number;
  readonly endpoints: number;
  readonly decode: readonly DecodeResult[];
  /** The median of several starts, each in a process of its own. */
  readonly start: StartResult;
  /** One endpoint of a slice replaced, one change after the other. */
  readonly change: ChangeResult;
  readonly burst: BurstResult;
}

export interface DecodeResult {
  readonly form: Form;
  /** Of each slice. */
  readonly endpoints: number;
  /** Bytes to checked objects. */
  readonly protobuf: Throughput;
  /** JSON.parse and nothing else. */
  readonly json_parse: Throughput;
  /** JSON.parse and the checks, to the same objects. */
  readonly json: Throughput;
  /** How many times as many objects in a second: bytes would favour the encoding that needs more of them. */
  readonly protobuf_to_json_parse: number;
}

export interface Throughput {
  readonly objects_per_s: number;
  /** Of this encoding. */
  readonly mb_per_s: number;
}

export interface StartResult {
  readonly n: number;
  /** From start() to everything committed in the kernel; server and daemon share the machine. */
  readonly synced_ms: number;
  /** The part of it until all lists were there, decoded. */
  readonly listed_ms: number;
  readonly daemon_cpu_ms: number;
  readonly server_cpu_ms: number;
  /** Of the daemon, right after that. */
  readonly rss_mb: number;
  readonly memory: MemoryUse;
}

export interface ChangeResult {
  /** From the server's write to the commit: with the loopback connection and the daemon being woken up. */
  readonly sent_to_committed: Distribution;
  /** From the chunk read by the daemon to the commit. */
  readonly read_to_committed: Distribution;
  /** CPU time of the daemon, all in. */
  readonly cpu_us: number;
  readonly transactions: number;
}

export interface BurstResult {
  readonly n: number;
  readonly changes: number;
  /** To the last commit; medians over all bursts. */
  readonly sent_to_committed_ms: number;
  readonly read_to_committed_ms: number;
  /** CPU time of the daemon for each change. */
  readonly cpu_us: number;
  readonly transactions: number;
}

export function resultOf({ services, endpoints }: Case, samples: Samples): Result {
  return {
    services,
    endpoints,
    decode: samples.decode.map((it) => decodeResult(it.form, it.endpoints, it.speeds)),
    start: startResult(samples.starts),
    change: changeResult(samples.change),
    burst: burstResult(samples.bursts),
  };
}

function decodeResult(form: Form, endpoints: number, speeds: DecodeSpeeds): DecodeResult {
  const { protobuf, jsonParse, json } = speeds;
  return {
    form,
    endpoints,
    protobuf: throughput(protobuf),
    json_parse: throughput(jsonParse),
    json: throughput(json),
    protobuf_to_json_parse: ratioOf(protobuf, jsonParse),
  };
}

function ratioOf(one: Speed, other: Speed): number {
  return Math.round((100 * one.objectsPerSecond) / other.objectsPerSecond) / 100;
}

function throughput({ objectsPerSecond, bytesPerSecond }: Speed): Throughput {
  return { objects_per_s: Math.round(objectsPerSecond), mb_per_s: tenths(bytesPerSecond / 1e6) };
}

function startResult(starts: readonly Start[]): StartResult {
  const middle = (value: (start: Start) => number): number => tenths(median(starts.map(value)));
  return {
    n: starts.length,
    synced_ms: middle((it) => it.committed / 1000),
    listed_ms: middle((it) => it.listed / 1000),
    daemon_cpu_ms: middle((it) => it.cpu / 1000),
    server_cpu_ms: middle((it) => it.serverCpu / 1000),
    rss_mb: middle((it) => it.memory.rss_mb),
    memory: {
      baseline_mb: middle((it) => it.memory.baseline_mb),
      rss_mb: middle((it) => it.memory.rss_mb),
      after_gc_mb: middle((it) => it.memory.after_gc_mb),
      peak_mb: middle((it) => it.memory.peak_mb),
    },
  };
}

function changeResult({ sentAt, readAt, committedAt, cpu, transactions }: ChangeSamples): ChangeResult {
  return {
    sent_to_committed: distributionOf(differences(sentAt, committedAt)),
    read_to_committed: distributionOf(differences(readAt, committedAt)),
    cpu_us: tenths(cpu / committedAt.length),
    transactions,
  };
}

function burstResult(bursts: readonly ChangeSamples[]): BurstResult {
  const middle = (value: (burst: ChangeSamples) => number): number => tenths(median(bursts.map(value)));
  return {
    n: bursts.length,
    changes: BURST_SIZE,
    sent_to_committed_ms: middle((it) => Math.max(...differences(it.sentAt, it.committedAt)) / 1000),
    read_to_committed_ms: middle((it) => (Math.max(...it.committedAt) - Math.min(...it.readAt)) / 1000),
    cpu_us: middle((it) => it.cpu / it.committedAt.length),
    transactions: middle((it) => it.transactions),
  };
}

/** The changes come out in the order in which they went in. */
function differences(from: readonly number[], to: readonly number[]): number[] {
  if (from.length !== to.length) throw new Error(`${from.length} changes became ${to.length}`);
  return to.map((time, index) => time - (from[index] ?? Number.NaN));
}
