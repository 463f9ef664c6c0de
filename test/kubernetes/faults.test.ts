import test, { type ExecutionContext } from 'ava';
import { CERTIFICATE } from './certificate.ts';
import { addService, type Cluster, services, startCluster, survives } from './cluster.ts';

const TRANSPORTS = [
  ['HTTP/1.1', {}],
  ['HTTP/2', { tls: CERTIFICATE }],
] as const;

interface Case {
  readonly fault: (cluster: Cluster) => unknown;
  /** Problems that the source tells. */
  readonly problems?: RegExp;
}

const CASES: Readonly<Record<string, Case>> = {
  'no fault': { fault: () => {} },
  'connections are cut': { fault: ({ server }) => server.faults.dropConnections() },
  'watches end as after their timeout': { fault: ({ server }) => server.faults.endWatches() },
  'answers are slow': {
    fault: ({ server }) => {
      server.faults.delayMs = 300;
      server.faults.dropConnections();
    },
  },
  '410 in the stream': { fault: ({ server }) => server.faults.failWatches(410) },
  '429 in the stream': {
    fault: ({ server }) => server.faults.failWatches(429),
    problems: /429 TooManyRequests/,
  },
  '500 in the stream': {
    fault: ({ server }) => server.faults.failWatches(500),
    problems: /500 InternalError/,
  },
  '500 at reconnecting': {
    fault: ({ server }) => {
      server.faults.failNext({ code: 500, count: 12 });
      server.faults.dropConnections();
    },
    problems: /500 InternalError/,
  },
  '429 with Retry-After at reconnecting': {
    fault: ({ server }) => {
      server.faults.failNext({ code: 429, count: 4, retryAfterSeconds: 1 });
      server.faults.dropConnections();
    },
    problems: /429 TooManyRequests/,
  },
  '410 at reconnecting, again and again': {
    fault: ({ server }) => {
      server.faults.failNext({ code: 410, count: 12 });
      server.faults.dropConnections();
    },
    problems: /410 Expired/,
  },
  'history is compacted while the connection is away': {
    fault: async ({ server }) => {
      await server.faults.refuseConnections();
      addService(server, 'short-lived');
      server.store.delete('services', { name: 'short-lived', namespace: 'default' });
      server.faults.compactHistory();
      await server.faults.acceptConnections();
    },
  },
  'connections are refused': {
    fault: async ({ server }) => {
      await server.faults.refuseConnections();
      setTimeout(() => void server.faults.acceptConnections(), 300);
    },
    problems: /Cannot reach http.*ECONNREFUSED/,
  },
  'a truncated frame': {
    fault: ({ server }) => server.faults.breakWatches('truncated'),
    problems: /the stream ends inside of a frame/,
  },
  'an oversized frame': {
    fault: ({ server }) => server.faults.breakWatches('oversized'),
    problems: /a frame claims 2147483647 bytes/,
  },
  'a frame of garbage': {
    fault: ({ server }) => server.faults.breakWatches('garbage'),
    problems: /watch event: invalid tag encoding/,
  },
  'connections are half-open': { fault: ({ server }) => server.faults.stallConnections() },
};

async function run(t: ExecutionContext, name: string, server: (typeof TRANSPORTS)[number][1]): Promise<void> {
  const { fault, problems } = CASES[name] ?? CASES['no fault'] ?? { fault: () => {} };
  // Over HTTP/2 pings must notice first, as they do with the real durations.
  const timings = { silence: 'tls' in server ? 5000 : 700, pingAfter: 200, pingAnswer: 200 };
  const cluster = await startCluster(t, { ...server, bookmarkIntervalMs: 200 }, { timings });
  await survives(cluster, () => fault(cluster));
  t.deepEqual(services(cluster), ['comes', 'web-0']);
  const unexpected = cluster.problems.filter((problem) => problems?.test(problem) !== true);
  t.deepEqual(unexpected, []);
}

for (const [transport, server] of TRANSPORTS) {
  for (const name of Object.keys(CASES)) test(`${transport}: ${name}`, run, name, server);
}
