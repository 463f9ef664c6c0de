import type { FigureKind } from './figures.ts';

/** In the order in which they are measured and told. */
export const MEASURES = [
  'connect',
  'paced-connect',
  'first-packet',
  'connections',
  'requests',
  'throughput',
  'udp',
] as const;

export type MeasureName = (typeof MEASURES)[number];

export interface Measure {
  /** What is measured, in words. */
  readonly title: string;
  readonly kind: FigureKind;
  /** If so, the service is looked up within what is measured, and it may matter which one it is. */
  readonly opensFlows: boolean;
  /** What path-load is told to measure one block, but for the target; see native/bench/path-load.c. */
  readonly command: string;
  /** About, of a block. */
  readonly milliseconds: number;
}

/** Latencies of a block. The third largest of them is their 99th percentile. */
export const BLOCK_SAMPLES = 250;

const RATE_MS = 100;
const RATE_NS = RATE_MS * 1e6;
/** The first tenth is not counted. */
const RATE_BLOCK_MS = RATE_MS * 1.1;

const AT_ONCE = 32;

/** A sixth of what one connection after the other comes to: queues build up only where something stalls. */
const PER_SECOND = 2500;

export const MEASURE: Readonly<Record<MeasureName, Measure>> = {
  connect: {
    title: 'TCP connect and one byte there and back, one after the other',
    kind: 'latency',
    opensFlows: true,
    command: `connect ${BLOCK_SAMPLES} 0`,
    milliseconds: 20,
  },
  'paced-connect': {
    title: `TCP connect and one byte there and back, ${PER_SECOND} a second, each from when it was due`,
    kind: 'latency',
    opensFlows: true,
    command: `paced-connect ${BLOCK_SAMPLES} ${PER_SECOND}`,
    milliseconds: (1000 * BLOCK_SAMPLES) / PER_SECOND,
  },
  'first-packet': {
    title: 'UDP, the first datagram of a flow there and back',
    kind: 'latency',
    opensFlows: true,
    command: `first-packet ${BLOCK_SAMPLES} 0`,
    milliseconds: 12,
  },
  connections: {
    title: `TCP connections with one byte there and back, ${AT_ONCE} at once`,
    kind: 'rate',
    opensFlows: true,
    command: `connections ${AT_ONCE} ${RATE_NS}`,
    milliseconds: RATE_BLOCK_MS,
  },
  requests: {
    title: `Requests and answers of 128 bytes on ${AT_ONCE} kept-alive TCP connections`,
    kind: 'rate',
    opensFlows: false,
    command: `requests ${AT_ONCE} ${RATE_NS}`,
    milliseconds: RATE_BLOCK_MS,
  },
  throughput: {
    title: 'Bulk data over one TCP connection',
    kind: 'throughput',
    opensFlows: false,
    command: `bulk 1 ${RATE_NS}`,
    milliseconds: RATE_BLOCK_MS,
  },
  udp: {
    title: 'UDP, datagrams of one flow there and back, one after the other',
    kind: 'latency',
    opensFlows: false,
    command: `udp ${BLOCK_SAMPLES} 0`,
    milliseconds: 12,
  },
};
