import { type CheckResult, checksOf } from './run/check.ts';
import type { CaseOutcome } from './run/messages.ts';
import type { Vector } from './vectors/vector.ts';

/** What a conformance run found. All data: `--json` prints it. */
export interface Report {
  readonly backend: string;
  readonly kernel: string;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  /** Checks of vectors that were left out. */
  readonly skipped: number;
  readonly failures: readonly ReportedFailure[];
  readonly cases: readonly ReportedCase[];
}

export interface ReportedFailure {
  /** Absent for what is wrong with a file. */
  readonly vector?: string;
  readonly kind: CheckResult['kind'] | 'vector' | 'file';
  readonly name: string;
  readonly rules: readonly string[];
  readonly expected: string;
  readonly seen: string;
}

export interface ReportedCase {
  readonly vector: string;
  readonly title: string;
  readonly rules: readonly string[];
  readonly passed: number;
  readonly failed: number;
}

/** What became of one vector. */
export interface CaseReport {
  readonly case: ReportedCase;
  readonly failures: readonly ReportedFailure[];
}

export function reportCase(vector: Vector, backend: string, outcome: CaseOutcome): CaseReport {
  const { id, title, rules } = vector;
  const total = checksOf(vector, backend).length;
  const failures = failuresOf(id, rules, outcome);
  // A node that could not be had fails all checks, with one line.
  const failed = 'problem' in outcome ? total : failures.length;
  return { case: { vector: id, title, rules, passed: total - failed, failed }, failures };
}

function failuresOf(id: string, rules: readonly string[], outcome: CaseOutcome): ReportedFailure[] {
  if ('problem' in outcome) {
    const { problem } = outcome;
    return [{ vector: id, kind: 'vector', name: 'node', rules, expected: 'a node at work', seen: problem }];
  }
  return outcome.results.flatMap(({ kind, name, failure }) =>
    failure === undefined ? [] : { vector: id, kind, name, rules, ...failure },
  );
}

/** `FAIL NP-01-v4 flow "external" (VIP-02): expected ...; seen ...` */
export function failureLine({ vector, kind, name, rules, expected, seen }: ReportedFailure): string {
  if (kind === 'file') return `FAIL ${name}`;
  return `FAIL ${vector} ${kind} "${name}" (${rules.join(' ')}): expected ${expected}; seen ${seen}`;
}

export function summaryLine({ passed, failed, skipped }: Report): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
