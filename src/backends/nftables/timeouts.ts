import type { Delta } from '../../delta/delta.ts';
import type { Timeout } from './affinity-chains.ts';
import { MAX_TIMEOUTS } from './words.ts';

/** The affinity timeouts that a table has chains for, by index and by seconds. */
export class Timeouts {
  readonly #indexes = new Map<number, number>();
  readonly #seconds = new Map<number, number>();

  /** Forgets all and knows these. */
  set(timeouts: readonly Timeout[]): void {
    this.#indexes.clear();
    this.#seconds.clear();
    for (const timeout of timeouts) this.add(timeout);
  }

  add({ index, seconds }: Timeout): void {
    this.#indexes.set(seconds, index);
    this.#seconds.set(index, seconds);
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
