import { Child, NODE_FLAGS, withChild } from '../../process/child.ts';
import type { MemoryUse } from '../common/memory-use.ts';
import { withNamespace } from '../common/namespace.ts';
import type { Progress } from '../common/progress.ts';
import type {
  ClusterSize,
  Commits,
  DaemonCommands,
  DecodeCommands,
  DecodeRequest,
  DecodeSpeeds,
  ServerCommands,
  StartTimes,
} from './messages.ts';

export interface Case extends ClusterSize {
  /** How many single changes are measured. */
  readonly changes: number;
}

/** Everything that was measured, unrounded. Times are in microseconds. */
export interface Samples {
  readonly decode: readonly (DecodeRequest & { readonly speeds: DecodeSpeeds })[];
  readonly starts: readonly Start[];
  readonly change: ChangeSamples;
  /** Of each burst. */
  readonly bursts: readonly ChangeSamples[];
}

export interface Start extends StartTimes {
  /** Of the server, in the same time. */
  readonly serverCpu: number;
  readonly memory: MemoryUse;
}

export interface ChangeSamples extends Commits {
  /** When each change left the server; in a burst all leave together. */
  readonly sentAt: readonly number[];
}

export const BURST_SIZE = 1000;

const SLICE_SIZES = [10, 100, 1000];
const FORMS = ['list', 'watch'] as const;

/** Each in a process and a namespace of its own. The first finds the server's code not compiled. */
const WARM_UP_STARTS = 1;
const STARTS = 3;

/** Changes that come first and are not counted: until then the code is not compiled. */
const WARM_UP_CHANGES = 1000;
const WARM_UP_BURSTS = 1;
const BURSTS = 9;

/** --expose-gc changes nothing by itself. */
const DAEMON_FLAGS = [...NODE_FLAGS, '--expose-gc'];

type Server = Child<ServerCommands>;
type DaemonChild = Child<DaemonCommands>;

export async function measure(it: Case, progress: Progress): Promise<Samples> {
  const decode = await measureDecode(progress);
  return withChild(
    new Child<ServerCommands>(new URL('server-process.ts', import.meta.url), []),
    async (server) => {
      progress('filling the API server');
      const { services, endpoints, seed } = it;
      const url = await server.ask('fill', { services, endpoints, seed });
      const starts: Start[] = [];
      for (let done = 0; done < WARM_UP_STARTS + STARTS; done++) {
        progress(`starts ${done}/${WARM_UP_STARTS + STARTS}`);
        starts.push(await withDaemon((daemon, namespace) => start(server, daemon, url, namespace)));
      }
      const rest = await withDaemon(async (daemon, namespace) => {
        // Without a look at its memory, which would collect its garbage: a daemon does not ask for that.
        await daemon.ask('start', { url, namespace });
        return measureChanges(server, daemon, it.changes, progress);
      });
      return { decode, starts: starts.slice(WARM_UP_STARTS), ...rest };
    },
  );
}

function measureDecode(progress: Progress): Promise<Samples['decode']> {
  return withChild(
    new Child<DecodeCommands>(new URL('decode-process.ts', import.meta.url), NODE_FLAGS),
    async (decoder) => {
      const results: Samples['decode'][number][] = [];
      for (const form of FORMS) {
        for (const endpoints of SLICE_SIZES) {
          progress(`decoding ${form} of slices with ${endpoints} endpoints`);
          const speeds = await decoder.ask('decode', { form, endpoints });
          results.push({ form, endpoints, speeds });
        }
      }
      return results;
    },
  );
}

function withDaemon<Result>(
  work: (daemon: DaemonChild, namespace: string) => Promise<Result>,
): Promise<Result> {
  return withNamespace((namespace) =>
    withChild(
      new Child<DaemonCommands>(new URL('daemon-process.ts', import.meta.url), DAEMON_FLAGS),
      (daemon) => work(daemon, namespace),
    ),
  );
}

async function start(server: Server, daemon: DaemonChild, url: string, namespace: string): Promise<Start> {
  const cpuBefore = await server.ask('cpu', null);
  const times = await daemon.ask('start', { url, namespace });
  const serverCpu = (await server.ask('cpu', null)) - cpuBefore;
  const memory = await daemon.ask('memory', null);
  await daemon.ask('verify', null);
  return { ...times, serverCpu, memory };
}

async function measureChanges(
  server: Server,
  daemon: DaemonChild,
  count: number,
  progress: Progress,
): Promise<Pick<Samples, 'change' | 'bursts'>> {
  progress('warming up');
  await changes(server, daemon, WARM_UP_CHANGES);
  progress('single changes');
  const change = await changes(server, daemon, count);
  const bursts: ChangeSamples[] = [];
  while (bursts.length < WARM_UP_BURSTS + BURSTS) {
    progress(`bursts ${bursts.length}/${WARM_UP_BURSTS + BURSTS}`);
    bursts.push(await burst(server, daemon));
  }
  progress('reading back');
  await daemon.ask('verify', null);
  return { change, bursts: bursts.slice(WARM_UP_BURSTS) };
}

async function changes(server: Server, daemon: DaemonChild, count: number): Promise<ChangeSamples> {
  await daemon.ask('arm', null);
  const sentAt = await server.ask('change', { count });
  return { ...(await daemon.ask('committed', { count })), sentAt };
}

async function burst(server: Server, daemon: DaemonChild): Promise<ChangeSamples> {
  await daemon.ask('arm', null);
  const sentAt = await server.ask('burst', { count: BURST_SIZE });
  const commits = await daemon.ask('committed', { count: BURST_SIZE });
  return { ...commits, sentAt: Array.from({ length: BURST_SIZE }, () => sentAt) };
}
