import type { ObjectEvent } from '../../src/api/objects.ts';
import { type Delta, deltaBetween } from '../../src/delta/delta.ts';
import type { ProgrammedTable } from '../../src/delta/programmed-table.ts';
import { ForwardingTable, noTouchedKeys, type TouchedKeys } from '../../src/forwarding/forwarding-table.ts';
import type { Family } from '../../src/net/address.ts';
import { ServiceMap } from '../../src/services/service-map.ts';

/** Objects and the wanted table of one family, fed with events. */
export class Cluster {
  readonly table = new ForwardingTable({ name: 'here' });
  readonly #services = new ServiceMap();
  readonly #family: Family;

  constructor(family: Family) {
    this.#family = family;
  }

  apply(events: readonly ObjectEvent[]): TouchedKeys {
    const touched = noTouchedKeys();
    for (const change of this.#services.apply(events)) {
      if ((change.after ?? change.before)?.family === this.#family) this.table.update(change, touched);
    }
    return touched;
  }

  /** The delta that brings a kernel which holds `programmed` to where the events lead. */
  deltaOf(events: readonly ObjectEvent[], programmed: ProgrammedTable): Delta {
    this.apply(events);
    return deltaBetween(programmed, this.table);
  }
}
