/** A script of answers for a reflector. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import type { Decoded } from '../../../src/api/decode.ts';
import type { ObjectEvent } from '../../../src/api/objects.ts';
import { ApiError } from '../../../src/kubernetes/http/api-error.ts';
import type { ListPage } from '../../../src/kubernetes/messages/list-page.ts';
import type { WatchEvent } from '../../../src/kubernetes/messages/watch-event.ts';
import { describeProblem } from '../../../src/kubernetes/problem.ts';
import type { EventStream } from '../../../src/kubernetes/reflector/list-watch.ts';
import type { Query } from '../../../src/kubernetes/reflector/queries.ts';
import { Reflector } from '../../../src/kubernetes/reflector/reflector.ts';
import { TIMINGS } from '../../../src/kubernetes/timings.ts';
import { QUICK } from '../followed.ts';

/** An answer to one request: a page, an error, or the events of a watch, of which the last may be an error. */
type Answer = Partial<ListPage> | Error | readonly (WatchEvent | Error)[];

export interface Scripted {
  /** What was asked for: `list ?limit=500`, `watch 7`, `stream`. */
  readonly asked: string[];
  readonly events: string[];
  readonly problems: string[];
  readonly syncedAfter: number[];
}

function askedFor(query: Query): string {
  if (query['sendInitialEvents']) return ['stream', query['resourceVersion']].filter(Boolean).join(' ');
  if (query['watch']) return `watch ${query['resourceVersion']}`;
  return `list ?${new URLSearchParams(query)}`;
}

/** Plays the answers one after the other; a watch without an error at its end, and all after the last, stay open. */
export async function play(
  t: ExecutionContext,
  answers: readonly Answer[],
  isOptional = false,
): Promise<Scripted> {
  const abort = new AbortController();
  const result: Scripted = { asked: [], events: [], problems: [], syncedAfter: [] };
  const left = [...answers];
  const next = (query: Query): Answer => {
    result.asked.push(askedFor(query));
    const answer = left.shift() ?? [];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const reflector = new Reflector({
    resource: { kind: 'ServiceCIDR', apiVersion: 'networking.k8s.io/v1', path: '/', isOptional },
    api: {
      list: async (query) => ({ resourceVersion: '1', continueToken: '', items: [], ...next(query) }),
      watch: async (query) => stream(next(query) as readonly WatchEvent[], abort.signal),
    },
    timings: { ...TIMINGS, ...QUICK, firstBackoff: 5, longestBackoff: 5, missingResource: 10_000 },
    random: () => 0,
    onEvents: (events) => result.events.push(...events.map(eventText)),
    onSynced: () => result.syncedAfter.push(result.asked.length),
    onProblem: (problem) => result.problems.push(describeProblem(problem)),
    onHealthy: () => {},
  });
  const running = reflector.run(abort.signal);
  t.teardown(() => abort.abort());
  await delay(150);
  abort.abort();
  await running;
  return result;
}

function stream(events: readonly (WatchEvent | Error)[], signal: AbortSignal): EventStream {
  return {
    follow: async (take) => {
      for (const event of events) {
        if (event instanceof Error) throw event;
        take([event]);
      }
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  };
}

function eventText(event: ObjectEvent): string {
  return event.type === 'put' ? `put ${event.object.name}` : `delete ${event.name}`;
}

export function good(name: string, range = '10.0.0.0/8'): Decoded {
  return { object: { kind: 'ServiceCIDR', name, cidrs: [range] } };
}

export function bad(name?: string): Decoded {
  const errors = [{ path: ['spec'], message: 'is odd' }];
  return name === undefined ? { errors } : { errors, identity: { kind: 'ServiceCIDR', namespace: '', name } };
}

export function put(decoded: Decoded, resourceVersion?: string): WatchEvent {
  return { type: 'put', decoded, resourceVersion };
}

export function remove(decoded: Decoded, resourceVersion?: string): WatchEvent {
  return { type: 'delete', decoded, resourceVersion };
}

export function bookmark(resourceVersion: string, isInitialEnd = false): WatchEvent {
  return { type: 'bookmark', resourceVersion, isInitialEnd };
}

export function refusal(code: number, ...causes: string[]): ApiError {
  return new ApiError({ code, reason: '', message: '', causes, retryAfterSeconds: undefined });
}

export const BROKEN = new Error('the connection broke');
