import { PROTOCOLS } from '../../api/objects.ts';
import { type Delta, isEmpty } from '../../delta/delta.ts';
import { frontendKey } from '../../forwarding/frontend.ts';
import { type KernelError, loadAddon, type NftablesTable, PUT } from '../../native/addon.ts';
import { addressText, type Cidr, type Family } from '../../net/address.ts';
import { ApplyError, type Backend, type ReadBack } from '../backend.ts';
import { decodeElements, widthOf } from './decode.ts';
import { encodeDelta, PROTOCOL_NUMBER } from './encode.ts';
import { SET, setLayouts, TABLE } from './layout.ts';
import { RowWriter } from './row-writer.ts';
import { layoutChain, layoutText, podRangesText, tableName } from './ruleset.ts';

export interface NftablesOptions {
  readonly family: Family;
  /** Sources that are pods, of either family. */
  readonly podCIDRs: readonly Cidr[];
  /** Named network namespace; absent means the process's own. */
  readonly namespace?: string | undefined;
}

/**
 * Deltas of up to this many words are written on the JS thread. A word costs the kernel under 0.2 us, so that
 * they stay far below a millisecond, and they save the two thread switches that cost more than the write.
 */
const SYNCHRONOUS_WORDS = 1024;

/** Programs `table ip nodeplane` or `table ip6 nodeplane`: fixed rules, one element for each entry of the table. */
export class NftablesBackend implements Backend {
  readonly name = 'nftables';
  readonly family: Family;
  readonly #options: NftablesOptions;
  readonly #layouts;
  readonly #table: NftablesTable;
  readonly #rows: RowWriter;
  /** Deletions of what a read-back found to belong to nothing; they go with the next delta. */
  readonly #strays: RowWriter;
  #strayCount = 0;

  /** Opens the netlink sockets. Throws if the namespace does not exist or the process may not program it. */
  constructor(options: NftablesOptions) {
    this.family = options.family;
    this.#options = options;
    this.#layouts = setLayouts(options.family);
    this.#rows = new RowWriter(this.#layouts.length);
    this.#strays = new RowWriter(this.#layouts.length);
    const { NftablesTable } = loadAddon();
    this.#table = new NftablesTable({
      family: options.family,
      table: TABLE,
      sets: this.#layouts,
      ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    });
  }

  async prepare(): Promise<void> {
    const { family } = this;
    if (!(await this.#hasLayout())) {
      const exists = await this.#table.exists();
      // One transaction. The elements of a table with another layout are lost and written anew.
      const replace = exists ? `delete table ${tableName(family)}\n` : '';
      await this.#table.runScript(replace + layoutText(family));
    }
    await this.#table.runScript(podRangesText(family, this.#options.podCIDRs));
  }

  async read(): Promise<ReadBack> {
    const elements = await Promise.all(this.#layouts.map((_, set) => this.#table.read(set)));
    this.#strays.take();
    const found = decodeElements(this.family, this.#layouts, elements, this.#strays);
    this.#strayCount = found.strays;
    return found;
  }

  apply(delta: Delta): Promise<void> | undefined {
    if (isEmpty(delta) && this.#strayCount === 0) return undefined;
    const rows = this.#encode(delta);
    if (rows.length > SYNCHRONOUS_WORDS) return this.#applyInBackground(rows);
    try {
      this.#table.commit(rows);
    } catch (error) {
      throw this.#explain(error, rows);
    }
    this.#strayCount = 0;
    return undefined;
  }

  async remove(): Promise<void> {
    await this.#table.drop();
  }

  close(): void {
    this.#table.close();
  }

  async #applyInBackground(rows: Uint32Array): Promise<void> {
    try {
      await this.#table.commitInBackground(rows);
    } catch (error) {
      throw this.#explain(error, rows);
    }
    this.#strayCount = 0;
  }

  async #hasLayout(): Promise<boolean> {
    try {
      await this.#table.runScript(`list chain ${tableName(this.family)} ${layoutChain(this.family)}`);
      return true;
    } catch {
      return false;
    }
  }

  #encode(delta: Delta): Uint32Array {
    try {
      encodeDelta(delta, this.#rows);
    } catch (error) {
      this.#rows.take();
      throw error;
    }
    const rows = this.#rows.take();
    if (this.#strayCount === 0) return rows;
    const strays = this.#strays.take();
    const all = new Uint32Array(strays.length + rows.length);
    all.set(strays);
    all.set(rows, strays.length);
    return all;
  }

  #explain(error: unknown, rows: Uint32Array): unknown {
    if (!isKernelError(error)) return error;
    const frontend = this.#frontendOf(rows, error.row);
    const what = frontend === undefined ? '' : `${frontend}: `;
    return new ApplyError(`${what}${error.message}`, { code: error.code, frontend, cause: error });
  }

  /** The key of the frontend to which a row belongs, or undefined if it belongs to none. */
  #frontendOf(rows: Uint32Array, row: number): string | undefined {
    let offset = 0;
    for (let index = 0; offset < rows.length; index++) {
      const header = rows[offset] ?? 0;
      const layout = this.#layouts[header & 0xffff];
      if (layout === undefined) return undefined;
      const key = rows.subarray(offset + 1, offset + 1 + widthOf(layout.key));
      if (index === row) return this.#keyText(header & 0xffff, key);
      offset += 1 + key.length + (header >>> 16 === PUT ? widthOf(layout.data) : 0);
    }
    return undefined;
  }

  #keyText(set: number, key: Uint32Array): string | undefined {
    if (set === SET.clusterIPs || set === SET.hairpins) return undefined;
    const width = this.family === 'IPv4' ? 1 : 4;
    const protocol = PROTOCOLS.find((name) => PROTOCOL_NUMBER[name] === key[width]);
    const address = addressText([...key.subarray(0, width)]);
    return protocol && frontendKey(address, protocol, key[width + 1] ?? 0);
  }
}

function isKernelError(error: unknown): error is KernelError {
  return error instanceof Error && 'row' in error && typeof error.row === 'number' && 'code' in error;
}
