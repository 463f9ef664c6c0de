/**
 * The process that is measured: a pipeline as the daemon has it, and nothing else. One for each row of the
 * report, so that the memory of one does not count for the next. Talks with worker-process.ts.
 */

import type { Reply } from '../../process/child.ts';
import { openBackends } from '../common/backends.ts';
import type { MemoryUse } from '../common/memory-use.ts';
import type { Command, Commands, LoadRequest, Request } from './messages.ts';
import { Subject } from './subject.ts';

const baseline = process.memoryUsage.rss();

let subject: Subject | undefined;

type Handlers = {
  [Name in Command]: (
    request: Commands[Name]['request'],
  ) => Commands[Name]['reply'] | Promise<Commands[Name]['reply']>;
};

const HANDLERS: Handlers = {
  load: (request) => open(request).load(),
  change: ({ change, count, gap }) => loaded().change(change, count, gap),
  rolling: ({ endpoints, gap }) => loaded().rolling(endpoints, gap),
  churn: (request) => loaded().churn(request),
  burst: ({ count }) => loaded().burst(count),
  verify: async () => {
    await loaded().verify();
    return null;
  },
  memory: measureMemory,
};

function open({ backend, namespace, services, endpoints, seed }: LoadRequest): Subject {
  const backends = openBackends(backend, namespace);
  subject = new Subject({ backends, services, endpoints, seed, onFailure: giveUp });
  return subject;
}

function loaded(): Subject {
  if (subject === undefined) throw new Error('load first');
  return subject;
}

function measureMemory(): MemoryUse {
  const rss = process.memoryUsage.rss();
  globalThis.gc?.();
  return {
    baseline_mb: baseline / 1e6,
    rss_mb: rss / 1e6,
    after_gc_mb: process.memoryUsage.rss() / 1e6,
    peak_mb: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
}

async function answer(message: Request): Promise<void> {
  try {
    reply({ value: await handle(message) });
  } catch (error) {
    giveUp(error);
  }
}

/** The name picks the handler whose request this is; the compiler cannot follow that for a union. */
function handle<Name extends Command>({
  command,
  request,
}: {
  command: Name;
  request: Commands[Name]['request'];
}) {
  return HANDLERS[command](request);
}

function giveUp(error: unknown): void {
  reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

function reply(message: Reply): void {
  process.send?.(message);
}

process.on('message', (message) => void answer(message as Request)); // only worker-process.ts has the other end
process.once('disconnect', () => {
  subject?.close();
  process.exit();
});
