import type { Estimate } from '../common/estimate.ts';

/** A value whose interval nobody knows: it is drawn without one. */
export function exactly(value: number): Estimate {
  return { value, low: value, high: value };
}
