/** How many checks or tests ended how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export type Outcome = keyof Tally;

export function emptyTally(): Tally {
  return { passed: 0, failed: 0, skipped: 0 };
}

export function tallyOf(outcome: Outcome): Tally {
  return { ...emptyTally(), [outcome]: 1 };
}

export function addTally(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The form that CI reads; it stands alone on the last line. */
export function summaryLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
