import path from 'node:path';
import { LAB_FAMILIES, type LabFamily, NODE_NAME } from './cluster.ts';
import { NFT } from './command.ts';
import { InsideProcess } from './inside-process.ts';
import { type Host, POD_CIDRS } from './network.ts';

const MAIN = path.resolve(import.meta.dirname, '../main.ts');
const START_MS = 30_000;
const SYNC_MS = 5000;

/** How `nft` writes the family of a table. */
const TABLE: Record<LabFamily, string> = { IPv4: 'ip', IPv6: 'ip6' };

export interface LogEntry {
  readonly level?: number;
  readonly msg?: string;
  readonly family?: string;
  readonly microseconds?: number;
}

/** nodeplane itself, as a user runs it, inside the node, and `nft monitor` beside it as a witness. */
export class Daemon {
  readonly #process: InsideProcess;
  readonly #monitor: InsideProcess;

  constructor(node: Host, manifests: string) {
    this.#monitor = new InsideProcess(node.namespace, NFT, ['monitor']);
    // -v 2: it logs every sync.
    const flags = [
      '--manifests',
      manifests,
      '--hostname-override',
      NODE_NAME,
      '--cluster-cidr',
      POD_CIDRS.join(),
    ];
    this.#process = new InsideProcess(node.namespace, process.execPath, [MAIN, 'run', ...flags, '-v', '2']);
  }

  /** Why it ended, with what it printed last, or undefined while it runs. */
  get trouble(): string | undefined {
    if (this.#process.exit === undefined) return undefined;
    return [`nodeplane ended (${this.#process.exit}):`, ...this.#process.lastLines].join('\n    ');
  }

  async ready(): Promise<void> {
    await this.#process.waitFor(
      'that nodeplane is ready',
      (line) => parseEntry(line).msg === 'ready',
      START_MS,
    );
  }

  onLog(listener: (entry: LogEntry) => void): void {
    this.#process.events.on('line', (line) => listener(parseEntry(line)));
  }

  /** Resolves with the time at which it had logged a sync of both families, counted from now. */
  synced(): Promise<number> {
    const isSync = (line: string, family: LabFamily): boolean => {
      const entry = parseEntry(line);
      return entry.msg === 'synced' && entry.family === family;
    };
    return latest(
      LAB_FAMILIES.map((family) =>
        this.#process.waitFor(`a sync of ${family}`, (line) => isSync(line, family), SYNC_MS),
      ),
    );
  }

  /** Resolves with the time at which the kernel had told of a changed slot in both families, counted from now. */
  changedInKernel(): Promise<number> {
    const waits = LAB_FAMILIES.map((family) => {
      const change = new RegExp(`^(add|delete) element ${TABLE[family]} nodeplane `);
      return this.#monitor.waitFor(
        `a change of ${family} in the kernel`,
        (line) => change.test(line),
        SYNC_MS,
      );
    });
    return latest(waits);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#process.stop(), this.#monitor.stop()]);
  }
}

async function latest(times: readonly Promise<number>[]): Promise<number> {
  return Math.max(...(await Promise.all(times)));
}

/** An entry of its log; lines of another form have no fields. */
function parseEntry(line: string): LogEntry {
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return {};
  }
}
