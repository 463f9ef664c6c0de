import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { AgentCommand, AgentReply, ListenCommand, ProbeCommand, ProbeResult } from './agent-protocol.ts';
import { IP } from './command.ts';

const AGENT = path.join(import.meta.dirname, 'agent.ts');
const DEFAULTS = { protocol: 'TCP', count: 1, timeoutMs: 2000, concurrency: 64 } as const;

export type ListenOptions = Omit<ListenCommand, 'do'>;
export type ProbeOptions = Omit<ProbeCommand, 'do' | keyof typeof DEFAULTS> &
  Partial<Pick<ProbeCommand, keyof typeof DEFAULTS>>;

interface Waiter {
  readonly resolve: (results: readonly ProbeResult[]) => void;
  readonly reject: (error: Error) => void;
}

/** The near end of an agent: see agent.ts. Commands may overlap. */
export class Agent {
  readonly namespace: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiters = new Map<number, Waiter>();
  #lastId = 0;
  #stderr = '';
  #isClosed = false;

  /** Starts the process; commands may be given at once. */
  constructor(namespace: string) {
    this.namespace = namespace;
    this.#child = spawn(IP, ['netns', 'exec', namespace, process.execPath, AGENT]);
    this.#child.stderr.on('data', (chunk) => {
      this.#stderr += chunk;
    });
    createInterface(this.#child.stdout).on('line', (line) => this.#take(JSON.parse(line) as AgentReply));
    this.#child.stdin.on('error', () => {});
    this.#child.once('error', (error) => this.#fail(error.message));
    this.#child.once('close', (code, signal) =>
      this.#fail(`it ended (${signal ?? code}) ${this.#stderr.trim()}`),
    );
  }

  /** Serves on each address; resolves when requests can come. */
  async listen(options: ListenOptions): Promise<void> {
    await this.#ask({ do: 'listen', ...options });
  }

  /** Sends requests, one by default, and gives a result for each. Never rejects for what a request met. */
  async probe(options: ProbeOptions): Promise<readonly ProbeResult[]> {
    return await this.#ask({ do: 'probe', ...DEFAULTS, ...options });
  }

  /** Closes all servers of the agent. */
  async closeServers(): Promise<void> {
    await this.#ask({ do: 'close' });
  }

  /** Ends the process. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    const closed = once(this.#child, 'close');
    this.#child.stdin.end();
    await closed;
  }

  #ask(command: AgentCommand): Promise<readonly ProbeResult[]> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(this.#error('it has ended'));
      this.#waiters.set(id, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ id, command })}\n`);
    });
  }

  #take(reply: AgentReply): void {
    const waiter = this.#waiters.get(reply.id);
    this.#waiters.delete(reply.id);
    if ('failure' in reply) waiter?.reject(this.#error(reply.failure));
    else waiter?.resolve(reply.results);
  }

  #fail(reason: string): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiters.values()) reject(this.#error(reason));
    this.#waiters.clear();
  }

  #error(reason: string): Error {
    return new Error(`Cannot use the agent in namespace ${this.namespace}: ${reason}`);
  }
}

/** How often each name answered, and each error came: `{ 'pod-1': 101, 'pod-2': 98, ECONNREFUSED: 1 }`. */
export function tally(results: readonly ProbeResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) {
    const key = 'error' in result ? result.error : result.name;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The distinct client addresses that servers saw. */
export function clientsOf(results: readonly ProbeResult[]): string[] {
  return [...new Set(results.flatMap((result) => ('error' in result ? [] : [result.client])))].toSorted();
}
