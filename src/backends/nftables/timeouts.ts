import type { Delta } from '../../delta/delta.ts';
import type { ProgrammedSlotSet } from '../../delta/programmed-table.ts';
import type { Timeout } from './affinity-chains.ts';
import { MAX_TIMEOUTS } from './words.ts';

/** The affinity timeouts that a table has chains for, by index and by seconds. */
export class Timeouts {
  readonly #indexes = new Map<number, number>();
  readonly #seconds = new Map<number, number>();
  /** Slot sets with each timeout. */
  readonly #users = new Map<number, number>();

  /** Forgets all and knows these. */
  set(timeouts: readonly Timeout[]): void {
    this.#indexes.clear();
    this.#seconds.clear();
    this.#users.clear();
    for (const timeout of timeouts) this.add(timeout);
  }

  add({ index, seconds }: Timeout): void {
    this.#indexes.set(seconds, index);
    this.#seconds.set(index, seconds);
  }

  /** Takes back an index. */
  delete({ index, seconds }: Timeout): void {
    this.#indexes.delete(seconds);
    this.#seconds.delete(index);
  }

  /** Counts who uses what, when a table was read. */
  countAll(slotSets: Iterable<ProgrammedSlotSet>): void {
    for (const { affinity } of slotSets) this.#use(affinity?.seconds, 1);
  }

  /** The same when a delta was written. */
  count(delta: Delta): void {
    for (const { before, after } of delta.slotSets) {
      this.#use(before?.affinity?.seconds, -1);
      this.#use(after?.affinity?.seconds, 1);
    }
  }

  /** What nobody uses, if so many timeouts are known that indexes may run out. */
  superfluous(): Timeout[] {
    if (this.#indexes.size <= MAX_TIMEOUTS / 2) return [];
    const unused = this.#indexes.entries().filter(([seconds]) => !this.#users.has(seconds));
    return Array.from(unused, ([seconds, index]) => ({ index, seconds }));
  }

  #use(seconds: number | undefined, change: number): void {
    if (seconds === undefined) return;
    const users = (this.#users.get(seconds) ?? 0) + change;
    if (users > 0) this.#users.set(seconds, users);
    else this.#users.delete(seconds);
  }

  /** Throws RangeError if the table has no chains for it: there was no index left. */
  indexOf(seconds: number): number {
    const index = this.#indexes.get(seconds);
    if (index === undefined)
      throw new RangeError(
        `affinity timeout ${seconds} s: there are ${MAX_TIMEOUTS} others, and no more fit`,
      );
    return index;
  }

  secondsOf(index: number): number | undefined {
    return this.#seconds.get(index);
  }

  /** What has to be added before the delta can be written, as far as indexes reach. */
  missing(delta: Delta): Timeout[] {
    const missing: Timeout[] = [];
    for (const seconds of timeoutsIn(delta)) {
      if (this.#indexes.has(seconds)) continue;
      const index = this.#freeIndex(missing);
      if (index !== undefined) missing.push({ index, seconds });
    }
    return missing;
  }

  #freeIndex(taken: readonly Timeout[]): number | undefined {
    for (let index = 0; index < MAX_TIMEOUTS; index++) {
      if (!this.#seconds.has(index) && !taken.some((timeout) => timeout.index === index)) return index;
    }
    return undefined;
  }
}

function timeoutsIn(delta: Delta): Set<number> {
  const timeouts = new Set<number>();
  for (const { after } of delta.slotSets)
    if (after?.affinity !== undefined) timeouts.add(after.affinity.seconds);
  for (const { after } of delta.frontends) {
    for (const target of [after?.inside, after?.outside])
      if (target?.action === 'forward' && target.affinitySeconds !== undefined)
        timeouts.add(target.affinitySeconds);
  }
  return timeouts;
}
