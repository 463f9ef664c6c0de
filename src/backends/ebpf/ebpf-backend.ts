import { type Delta, isEmpty } from '../../delta/delta.ts';
import type { NodeSettings } from '../../forwarding/node-settings.ts';
import { type ConnectionTable, type EbpfTable, loadAddon } from '../../native/addon.ts';
import type { Family } from '../../net/address.ts';
import type { Backend, ReadBack } from '../backend.ts';
import { explained } from '../refusal.ts';
import { WordBuffer } from '../word-buffer.ts';
import { decodeRows } from './decode.ts';
import { encodeDelta } from './encode.ts';
import { entryOfRow } from './refused-entry.ts';
import { podInterface, settingsRows } from './settings.ts';
import { Strays } from './strays.ts';

export interface EbpfBackendOptions {
  readonly family: Family;
  /** Named network namespace; absent means the process's own. */
  readonly namespace?: string | undefined;
  /**
   * Folder in a BPF file system where maps, programs and links outlive the process; made if it is not there. Absent: all of
   * it goes with the process.
   */
  readonly pins?: string | undefined;
  /** Folder of a cgroup (version 2): sockets of its processes are translated when they connect. Absent: none are. */
  readonly cgroup?: string | undefined;
  /** How many elements the table of connections has, up to four for each; absent: as many as a busy node needs. */
  readonly connections?: number;
}

/** Deltas of up to this many words are written on the JS thread: a map is written in under a microsecond for each row. */
const SYNCHRONOUS_WORDS = 1024;

/** Programs the eBPF maps and programs of one family. */
export class EbpfBackend implements Backend {
  readonly name = 'ebpf';
  readonly family: Family;
  /** The addon's table: also where connections are remembered. */
  readonly table: EbpfTable;
  readonly #rows = new WordBuffer();
  #strays = new Strays();

  /** Throws if the namespace does not exist, or this build or kernel has no eBPF. */
  constructor({ family, namespace, pins, cgroup, connections }: EbpfBackendOptions) {
    this.family = family;
    const { EbpfTable } = loadAddon();
    this.table = new EbpfTable({
      family,
      ...(namespace !== undefined && { namespace }),
      ...(pins !== undefined && { pins }),
      ...(cgroup !== undefined && { cgroup }),
      ...(connections !== undefined && { connections }),
    });
  }

  /** The kernel verifies each program when it is loaded: some 100 ms. */
  warmUp(): void {
    // prepare() tries again what failed, and tells.
    this.table.load().catch(() => {});
  }

  prepare(settings: NodeSettings): Promise<boolean> {
    return this.table.prepare(settingsRows(settings), podInterface(settings));
  }

  async read(): Promise<ReadBack> {
    const words = await this.table.read();
    const strays = new Strays();
    const table = decodeRows(words, this.family, strays);
    this.#strays = strays;
    return { table, strays: strays.count };
  }

  apply(delta: Delta): Promise<void> | undefined {
    if (isEmpty(delta) && this.#strays.count === 0) return undefined;
    const rows = this.#encode(delta);
    if (rows.length > SYNCHRONOUS_WORDS) return this.#applyInBackground(delta, rows);
    try {
      this.table.commit(rows);
    } catch (error) {
      throw this.#explain(error, delta, rows);
    }
    this.#strays = new Strays();
    return undefined;
  }

  async remove(): Promise<void> {
    await this.table.drop();
  }

  /** Where the connections are remembered that the programs translated. It is closed with the backend. */
  get connections(): ConnectionTable {
    return { deleteStale: (rows) => this.table.deleteStale(rows), close() {} };
  }

  close(): void {
    this.table.close();
  }

  async #applyInBackground(delta: Delta, rows: Uint32Array): Promise<void> {
    try {
      await this.table.commitInBackground(rows);
    } catch (error) {
      throw this.#explain(error, delta, rows);
    }
    this.#strays = new Strays();
  }

  #encode(delta: Delta): Uint32Array {
    try {
      encodeDelta(delta, this.family, this.#rows);
    } catch (error) {
      this.#rows.take();
      throw error;
    }
    const rows = this.#rows.take();
    if (this.#strays.count === 0) return rows;
    for (const word of rows) this.#rows.push(word);
    this.#strays.writeTo(this.#rows, rows, this.family);
    return this.#rows.take();
  }

  #explain(error: unknown, delta: Delta, rows: Uint32Array): unknown {
    return explained(error, (row) => entryOfRow(delta, this.family, rows, row));
  }
}
