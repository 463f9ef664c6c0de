import { applyDelta, type Delta } from '../../delta/delta.ts';
import { emptyProgrammedTable, type ProgrammedTable } from '../../delta/programmed-table.ts';
import type { Family } from '../../net/address.ts';
import type { Backend, ReadBack } from '../backend.ts';

/** A backend without a kernel: for dry runs, tests and as the floor of measurements. */
export class MemoryBackend implements Backend {
  readonly name = 'memory';
  readonly family: Family;
  #table: ProgrammedTable = emptyProgrammedTable();

  constructor(family: Family) {
    this.family = family;
  }

  async prepare(): Promise<void> {}

  async read(): Promise<ReadBack> {
    const { frontends, clusterIPs, hairpins } = this.#table;
    const table = {
      frontends: new Map(frontends),
      clusterIPs: new Set(clusterIPs),
      hairpins: new Set(hairpins),
    };
    return { table, strays: 0 };
  }

  apply(delta: Delta): undefined {
    applyDelta(this.#table, delta);
  }

  async remove(): Promise<void> {
    this.#table = emptyProgrammedTable();
  }

  close(): void {}
}
