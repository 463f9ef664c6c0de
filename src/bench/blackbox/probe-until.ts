import { setImmediate as nextTurn } from 'node:timers/promises';
import { monotonic } from '../source/clock.ts';
import type { Answered } from './messages.ts';

/** Milliseconds between probes, in which the CPU is left to others, after so many microseconds of waiting. */
export type Pause = (waited: number) => number;

/** A start takes hundreds of milliseconds of all CPUs; probes of all probed services are not to take many of them. */
export const startPause: Pause = () => 0.7;

/**
 * A daemon that takes long is probed less often, still once in each millisecond: else the kernel's table of connections would
 * fill with probes.
 */
export const changePause: Pause = (waited) => (waited > LONG_US ? 0.4 : 0.05);
const LONG_US = 100_000;

/**
 * Calls `probe` over and over until it is true; undefined if it takes too long. Lets messages in between, so that the process
 * can be ended.
 */
export async function probeUntil(
  timeoutMs: number,
  pause: Pause,
  probe: () => boolean,
): Promise<Answered | undefined> {
  const startedAt = monotonic();
  let probedAt = startedAt;
  while (probedAt - startedAt <= timeoutMs * 1000) {
    const before = probedAt;
    probedAt = monotonic();
    if (probe()) return { at: monotonic(), gap: probedAt - before };
    sleep(pause(probedAt - startedAt));
    await nextTurn();
  }
  return undefined;
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Shorter than any timer of Node. */
function sleep(milliseconds: number): void {
  Atomics.wait(sleeper, 0, 0, milliseconds);
}
