import { applyDelta, type Delta } from '../../delta/delta.ts';
import {
  addSlotSet,
  addSourceList,
  emptyProgrammedTable,
  type ProgrammedTable,
} from '../../delta/programmed-table.ts';
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

  async prepare(): Promise<boolean> {
    return false;
  }

  async read(): Promise<ReadBack> {
    return { table: copyOf(this.#table), strays: 0 };
  }

  apply(delta: Delta): undefined {
    applyDelta(this.#table, delta);
  }

  async remove(): Promise<void> {
    this.#table = emptyProgrammedTable();
  }

  close(): void {}
}

function copyOf(table: ProgrammedTable): ProgrammedTable {
  const copy = emptyProgrammedTable();
  for (const [key, frontend] of table.frontends) copy.frontends.set(key, frontend);
  for (const [key, set] of table.slotSets) addSlotSet(copy, key, set);
  for (const [key, list] of table.sourceLists) addSourceList(copy, key, list);
  for (const address of table.clusterIPs) copy.clusterIPs.add(address);
  for (const address of table.hairpins) copy.hairpins.add(address);
  return copy;
}
