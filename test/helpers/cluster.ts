import type { ObjectEvent } from '../../src/api/objects.ts';
import { adopt } from '../../src/delta/adopt.ts';
import { allKeys, type Delta, deltaBetween } from '../../src/delta/delta.ts';
import type { ProgrammedTable } from '../../src/delta/programmed-table.ts';
import { ForwardingTable, noTouchedKeys, type TouchedKeys } from '../../src/forwarding/forwarding-table.ts';
import type { ThisNode } from '../../src/forwarding/this-node.ts';
import type { Family } from '../../src/net/address.ts';
import { ServiceMap } from '../../src/services/service-map.ts';

/** The node that the tests' objects call `here`. */
export function thisNode(family: Family): ThisNode {
  return {
    name: 'here',
    zone: 'zone-a',
    primaryAddress: family === 'IPv4' ? '192.0.2.1' : '2001:db8::1',
  };
}

/** Objects and the wanted table of one family, fed with events. */
export class Cluster {
  readonly table: ForwardingTable;
  readonly #services = new ServiceMap();
  readonly #family: Family;

  constructor(family: Family) {
    this.#family = family;
    this.table = new ForwardingTable(thisNode(family));
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
    return deltaBetween(programmed, this.table, allKeys(programmed, this.table));
  }

  /** The same for a table that was read back from a kernel, whose slot sets have numbers only. */
  deltaAfterReading(events: readonly ObjectEvent[], found: ProgrammedTable): Delta {
    this.apply(events);
    adopt(found, this.table);
    return deltaBetween(found, this.table, allKeys(found, this.table));
  }
}
