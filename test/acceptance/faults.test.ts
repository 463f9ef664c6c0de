/** Every fault of the server: what was right stays right, and a change reaches the packets all the same. */
import test, { type ExecutionContext } from 'ava';
import type { Faults } from '../../src/apiserver/faults/faults.ts';
import { type ClusterOptions, type Daemon, kernelAgrees, startCluster, writtenSince } from './cluster.ts';
import { frontendsOf, serviceWith, slices } from './objects.ts';
import { answersBy, startStream, until } from './traffic.ts';

const STEADY = 1;
const CHANGING = 2;
const NEW = 3;

interface Case {
  readonly fault: (faults: Faults, daemon: Daemon) => unknown;
  /** What else the fault needs to be felt. */
  readonly options?: ClusterOptions;
  /** The only problems that may be told. */
  readonly problems?: RegExp;
  /** Whether there must be such a problem: then the fault was felt for sure. */
  readonly isTold?: boolean;
}

/** Lists and watches of all namespaces: the source's requests, not kubectl's. */
const SLICES = '/discovery.k8s.io/v1/endpointslices';
const SERVICES = '/api/v1/services';

const CASES: Readonly<Record<string, Case>> = {
  'connections are dropped': { fault: (faults) => faults.dropConnections() },
  'connections are refused for a while': {
    fault: async (faults, daemon) => {
      await faults.refuseConnections();
      await until(
        () => daemon.problems.length,
        (kinds) => kinds === 4,
      );
      await faults.acceptConnections();
    },
    isTold: true,
    problems: /Cannot reach http.*ECONNREFUSED/,
  },
  'connections are half-open': {
    fault: (faults) => faults.stallConnections(),
    options: { server: { bookmarkIntervalMs: 200 }, timings: { silence: 2000 } },
    // On a busy machine a healthy connection may seem silent too.
    problems: /nothing was read for 2 s/,
  },
  'answers are delayed': {
    fault: (faults) => {
      faults.delayMs = 200;
      faults.dropConnections();
    },
  },
  'watches end': { fault: (faults) => faults.endWatches() },
  'watches fail with 410': { fault: (faults) => faults.failWatches(410) },
  'watches fail with 429': {
    fault: (faults) => faults.failWatches(429),
    isTold: true,
    problems: /429 TooManyRequests/,
  },
  'watches fail with 500': {
    fault: (faults) => faults.failWatches(500),
    isTold: true,
    problems: /500 InternalError/,
  },
  'reconnecting slices meet 410': { fault: failRequests(410, SLICES), problems: /410 Expired/ },
  'reconnecting slices meet 429': {
    fault: failRequests(429, SLICES, 0.5),
    isTold: true,
    problems: /EndpointSlice: 429 TooManyRequests/,
  },
  'reconnecting slices meet 500': {
    fault: failRequests(500, SLICES),
    isTold: true,
    problems: /EndpointSlice: 500 InternalError/,
  },
  'reconnecting services meet 410': { fault: failRequests(410, SERVICES), problems: /410 Expired/ },
  'reconnecting services meet 500': {
    fault: failRequests(500, SERVICES),
    isTold: true,
    problems: /Service: 500 InternalError/,
  },
  'a truncated frame': {
    fault: (faults) => faults.breakWatches('truncated'),
    problems: /the stream ends inside of a frame/,
  },
  'an oversized frame': {
    fault: (faults) => faults.breakWatches('oversized'),
    isTold: true,
    problems: /a frame claims 2147483647 bytes/,
  },
  'a frame of garbage': {
    fault: (faults) => faults.breakWatches('garbage'),
    isTold: true,
    problems: /watch event: /,
  },
  'history is compacted, and connections are dropped': {
    fault: (faults) => {
      faults.compactHistory();
      faults.dropConnections();
    },
  },
  'streaming lists are gone when a list is needed': {
    fault: (faults) => {
      faults.isWatchListDisabled = true;
      faults.failWatches(410);
    },
  },
  'protobuf is gone when a list is needed': {
    fault: (faults) => {
      faults.isProtobufDisabled = true;
      faults.failWatches(410);
    },
  },
};

function failRequests(code: number, path: string, retryAfterSeconds?: number): Case['fault'] {
  return (faults) => {
    faults.failNext({
      code,
      count: 3,
      path,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
    faults.dropConnections();
  };
}

async function survives(
  t: ExecutionContext,
  { fault, options, problems, isTold = false }: Case,
): Promise<void> {
  const cluster = await startCluster(t, options);
  const { network, kubectl, server, daemon } = cluster;
  await kubectl.apply(...serviceWith(STEADY, [1, 2]), ...serviceWith(CHANGING, [3]));
  await Promise.all([answersBy(network, STEADY, [1, 2]), answersBy(network, CHANGING, [3])]);
  const stream = await startStream(network, STEADY);
  const before = daemon.deltas.length;

  await fault(server.faults, daemon);
  await kubectl.apply(...slices(CHANGING, [4, 5]), ...serviceWith(NEW, [6]));
  await Promise.all([answersBy(network, CHANGING, [4, 5]), answersBy(network, NEW, [6])]);

  t.deepEqual(await stream.failures(), {});
  t.deepEqual(writtenSince(daemon, before), frontendsOf(CHANGING, NEW));
  t.deepEqual(
    daemon.problems.filter((it) => problems?.test(it) !== true),
    [],
  );
  if (isTold) t.not(daemon.problems.length, 0);
  await kernelAgrees(t, cluster);
}

for (const [name, it] of Object.entries(CASES)) test(name, survives, it);
