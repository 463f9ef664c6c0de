/** Connections from the client pod, and what may be said of them. */
import { setTimeout as delay } from 'node:timers/promises';
import { tally } from '../../src/lab/agent-client.ts';
import type { ProbeResult } from '../../src/lab/agent-protocol.ts';
import { FAMILIES, type Family } from '../../src/net/address.ts';
import type { TestNetwork } from '../helpers/netns.ts';
import { endpointNumber, serviceAddress } from './objects.ts';

/** How long anything may take on a busy machine; see also test/kernel/clusterip.test.ts. */
export const PATIENCE_MS = 15_000;
/** Three endpoints of one Service all answer among so many, but for once in ten million times. */
const ENOUGH = 40;
/** Between two connections of a stream, so that many streams leave time for what they watch over. */
const STREAM_PAUSE_MS = 25;

/** Asks until it is so. Fails with what was there last. */
export async function until<T>(ask: () => T | Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`waited in vain; the last was ${JSON.stringify(answer)}`);
    await delay(20);
  }
}

/**
 * Waits until exactly these endpoints answer new connections to a Service, in both families; without endpoints: until
 * connections are refused.
 */
export async function answersBy(
  network: TestNetwork,
  service: number,
  endpoints: readonly number[],
): Promise<void> {
  const wanted = endpoints.length === 0 ? 'ECONNREFUSED' : endpoints.toSorted().join();
  // A refusal may take a second, see PATIENCE_MS in test/kernel/clusterip.test.ts.
  const count = endpoints.length === 0 ? 1 : ENOUGH;
  const answered = (family: Family): Promise<string> =>
    until(
      () => answererNames(network, service, family, count),
      (names) => names === wanted,
    );
  await Promise.all(FAMILIES.map(answered));
}

/** Waits until nothing answers, and nothing refuses: the Service's addresses are those of no Service. */
export async function answersByNobody(network: TestNetwork, service: number): Promise<void> {
  const lost = (family: Family): Promise<unknown> =>
    until(
      () => connect(network, service, family, 1, 300),
      ([result]) => result !== undefined && isLost(result),
    );
  await Promise.all(FAMILIES.map(lost));
}

/** A stream of connections to a Service in both families, one after the other. */
export interface Stream {
  /** Ends it and gives the errors that it met: `{}` if all was well all the time. */
  failures(): Promise<Record<string, number>>;
}

/** Starts one; when this resolves, its first connections were answered. */
export async function startStream(network: TestNetwork, service: number): Promise<Stream> {
  const lanes = await Promise.all(FAMILIES.map((family) => startLane(network, service, family)));
  return {
    failures: async () => {
      const results = (await Promise.all(lanes.map((stop) => stop()))).flat();
      const errors = results.filter((result) => 'error' in result);
      return tally(errors);
    },
  };
}

type StopLane = () => Promise<ProbeResult[]>;

async function startLane(network: TestNetwork, service: number, family: Family): Promise<StopLane> {
  const results = [...(await connect(network, service, family, 1))];
  const stopping = new AbortController();
  const follow = async (): Promise<ProbeResult[]> => {
    while (!stopping.signal.aborted) {
      results.push(...(await connect(network, service, family, 1)));
      await delay(STREAM_PAUSE_MS);
    }
    // What came last may already be to blame.
    results.push(...(await connect(network, service, family, ENOUGH)));
    return results;
  };
  const ended = follow();
  // A test that failed elsewhere does not ask for the results, and its client is gone.
  ended.catch(() => {});
  return () => {
    stopping.abort();
    return ended;
  };
}

/** `1,3`, or with errors `1,ECONNREFUSED`. */
async function answererNames(
  network: TestNetwork,
  service: number,
  family: Family,
  count: number,
): Promise<string> {
  const names = Object.keys(tally(await connect(network, service, family, count)));
  return names
    .map((name) => (name.startsWith('E') ? name : String(endpointNumber(name))))
    .toSorted()
    .join();
}

function connect(
  network: TestNetwork,
  service: number,
  family: Family,
  count: number,
  timeoutMs = PATIENCE_MS,
): Promise<readonly ProbeResult[]> {
  const address = serviceAddress(family, service);
  return network
    .agent(network.client)
    .probe({ protocol: 'TCP', address, port: 80, count, timeoutMs, concurrency: 8 });
}

/** The packet left the cluster: there is no answer, or a router says that there is none. */
function isLost(result: ProbeResult): boolean {
  return 'error' in result && result.error !== 'ECONNREFUSED';
}
