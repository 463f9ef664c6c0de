import { type Delta, isEmpty } from '../../delta/delta.ts';
import type { NodeSettings } from '../../forwarding/node-settings.ts';
import { loadAddon, type NftablesTable } from '../../native/addon.ts';
import type { Family } from '../../net/address.ts';
import type { Backend, ReadBack } from '../backend.ts';
import { explained } from '../refusal.ts';
import {
  readTimeouts,
  TIMEOUTS_MAP,
  type Timeout,
  timeoutRemovalTexts,
  timeoutText,
} from './affinity-chains.ts';
import { decodeElements } from './decode.ts';
import { encodeDelta } from './encode.ts';
import { tableName } from './family-words.ts';
import { setLayouts, TABLE } from './layout.ts';
import { entryOfRow } from './refused-entry.ts';
import { RowWriter } from './row-writer.ts';
import { layoutChain, layoutText } from './ruleset.ts';
import { settingsText } from './settings.ts';
import { Timeouts } from './timeouts.ts';

export interface NftablesOptions {
  readonly family: Family;
  /** Named network namespace; absent means the process's own. */
  readonly namespace?: string | undefined;
}

/**
 * Deltas of up to this many words are written on the JS thread. A word costs the kernel under 0.2 us, so that
 * they stay far below a millisecond, and they save the two thread switches that cost more than the write.
 */
const SYNCHRONOUS_WORDS = 1024;

/** Deltas with more slot sets are written in several transactions, new sets first, so many at a time. */
const SETS_AHEAD = 1024;

const NO_CHANGES: Delta = {
  frontends: [],
  slotSets: [],
  sourceLists: [],
  clusterIPs: { put: [], delete: [] },
  hairpins: { put: [], delete: [] },
};

/** How nft says that a table or a chain is not there (ENOENT). */
const NO_SUCH_CHAIN = 'No such file or directory';

/** Programs `table ip nodeplane` or `table ip6 nodeplane`: fixed rules, elements for each entry of the forwarding table. */
export class NftablesBackend implements Backend {
  readonly name = 'nftables';
  readonly family: Family;
  readonly #layouts;
  readonly #table: NftablesTable;
  readonly #rows: RowWriter;
  readonly #retired: RowWriter;
  readonly #timeouts = new Timeouts();
  /** Deletions of what a read-back found to belong to nothing; they go with the next delta. */
  readonly #strays: RowWriter;
  #strayCount = 0;

  /** Opens the netlink sockets. Throws if the namespace does not exist or the process may not program it. */
  constructor({ family, namespace }: NftablesOptions) {
    this.family = family;
    this.#layouts = setLayouts(family);
    this.#rows = new RowWriter(this.#layouts.length);
    this.#retired = new RowWriter(this.#layouts.length);
    this.#strays = new RowWriter(this.#layouts.length);
    const { NftablesTable } = loadAddon();
    this.#table = new NftablesTable({
      family,
      table: TABLE,
      sets: this.#layouts,
      ...(namespace === undefined ? {} : { namespace }),
    });
  }

  async prepare(settings: NodeSettings): Promise<boolean> {
    const { family } = this;
    const rules = settingsText(family, settings);
    if (await this.#hasLayout()) {
      await this.#table.runScript(rules);
      return false;
    }
    const exists = await this.#table.exists();
    // One transaction. The elements of a table with another layout are lost and written anew.
    const replace = exists ? `delete table ${tableName(family)}\n` : '';
    await this.#table.runScript(replace + layoutText(family) + rules);
    return true;
  }

  async read(): Promise<ReadBack> {
    const listing = await this.#table.runScript(`list map ${tableName(this.family)} ${TIMEOUTS_MAP}`);
    this.#timeouts.set(readTimeouts(listing));
    const elements = await Promise.all(this.#layouts.map((_, set) => this.#table.read(set)));
    this.#strays.take();
    const found = decodeElements(this.family, this.#layouts, elements, this.#strays, (timeout) =>
      this.#timeouts.secondsOf(timeout),
    );
    this.#strayCount = found.strays;
    this.#timeouts.countAll(found.table.slotSets.values());
    return found;
  }

  apply(delta: Delta): Promise<void> | undefined {
    if (isEmpty(delta) && this.#strayCount === 0) return undefined;
    const missing = this.#timeouts.missing(delta);
    if (missing.length > 0) return this.#applyWithTimeouts(delta, missing);
    if (delta.slotSets.length > SETS_AHEAD) return this.#applyLarge(delta);
    const batches = this.#encode(delta);
    const words = batches.reduce((sum, rows) => sum + rows.length, 0);
    if (words > SYNCHRONOUS_WORDS) return this.#applyInBackground(delta, batches);
    for (const rows of batches) {
      try {
        this.#table.commit(rows);
      } catch (error) {
        throw this.#explain(error, delta, rows);
      }
    }
    this.#written(delta);
    return undefined;
  }

  async remove(): Promise<void> {
    await this.#table.drop();
  }

  close(): void {
    this.#table.close();
  }

  async #applyWithTimeouts(delta: Delta, missing: readonly Timeout[]): Promise<void> {
    await this.#table.runScript(missing.map((timeout) => timeoutText(this.family, timeout)).join(''));
    for (const timeout of missing) this.#timeouts.add(timeout);
    await this.#applyLarge(delta);
    for (const timeout of this.#timeouts.superfluous()) {
      for (const script of timeoutRemovalTexts(this.family, timeout)) await this.#table.runScript(script);
      this.#timeouts.delete(timeout);
    }
  }

  /**
   * Encodes the next new slot sets while the kernel takes those before. Nothing leads to them until the last transaction,
   * which has all the rest; should it never come, a read-back takes them for strays.
   */
  async #applyLarge(delta: Delta): Promise<void> {
    // Strays may have the numbers of new sets, and may only go when what replaces them comes.
    const ahead = this.#strayCount > 0 ? [] : delta.slotSets.filter(({ before }) => before === undefined);
    let written = Promise.resolve();
    for (let first = 0; first < ahead.length; first += SETS_AHEAD) {
      const part = { ...NO_CHANGES, slotSets: ahead.slice(first, first + SETS_AHEAD) };
      const batches = this.#encode(part);
      await written;
      written = this.#commitInBackground(part, batches);
    }
    const slotSets = ahead.length === 0 ? delta.slotSets : delta.slotSets.filter(({ before }) => before);
    const rest = { ...delta, slotSets };
    const batches = this.#encode(rest);
    await written;
    await this.#commitInBackground(rest, batches);
    this.#written(delta);
  }

  async #applyInBackground(delta: Delta, batches: readonly Uint32Array[]): Promise<void> {
    await this.#commitInBackground(delta, batches);
    this.#written(delta);
  }

  async #commitInBackground(delta: Delta, batches: readonly Uint32Array[]): Promise<void> {
    for (const rows of batches) {
      try {
        await this.#table.commitInBackground(rows);
      } catch (error) {
        throw this.#explain(error, delta, rows);
      }
    }
  }

  #written(delta: Delta): void {
    this.#strayCount = 0;
    this.#timeouts.count(delta);
  }

  async #hasLayout(): Promise<boolean> {
    try {
      await this.#table.runScript(`list chain ${tableName(this.family)} ${layoutChain(this.family)}`);
      return true;
    } catch (error) {
      if (error instanceof Error && error.message.includes(NO_SUCH_CHAIN)) return false;
      throw error;
    }
  }

  /** The transactions of a delta, one after the other. */
  #encode(delta: Delta): Uint32Array[] {
    const deltaRows = { rows: this.#rows, retired: this.#retired };
    try {
      encodeDelta(delta, deltaRows, (seconds) => this.#timeouts.indexOf(seconds));
    } catch (error) {
      this.#rows.take();
      this.#retired.take();
      throw error;
    }
    const strays = this.#strayCount === 0 ? [] : [this.#strays.take()];
    const batches = [joined([...strays, this.#rows.take()]), this.#retired.take()];
    return batches.filter((rows) => rows.length > 0);
  }

  #explain(error: unknown, delta: Delta, rows: Uint32Array): unknown {
    return explained(error, (row) => entryOfRow(delta, this.#layouts, rows, row));
  }
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
