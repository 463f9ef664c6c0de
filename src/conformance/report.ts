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
export function reportCase(
  vector: Vector,
  backend: string,
  outcome: CaseOutcome,
): { readonly case: ReportedCase; readonly failures: readonly ReportedFailure[] } {
  const { id, title, rules } = vector;
  const count = checksOf(vector, backend).length;
  if ('problem' in outcome) {
    const failure = {
      vector: id,
      kind: 'vector',
      name: 'the node',
      rules,
      expected: 'a node',
      seen: outcome.problem,
    };
    return {
      case: { vector: id, title, rules, passed: 0, failed: count },
      failures: [{ ...failure, kind: 'vector' }],
    };
  }
  const failures = outcome.results.flatMap(({ kind, name, failure }) =>
    failure === undefined ? [] : { vector: id, kind, name, rules, ...failure },
  );
  const failed = failures.length;
  return { case: { vector: id, title, rules, passed: outcome.results.length - failed, failed }, failures };
}

/** `NP-01-v4 (VIP-02): flow "external": expected ...; seen ...` */
export function failureLine({ vector, kind, name, rules, expected, seen }: ReportedFailure): string {
  if (kind === 'file') return `FAIL ${name}`;
  return `FAIL ${vector} ${kind} "${name}" (${rules.join(' ')}): expected ${expected}; seen ${seen}`;
}

export function summaryLine({ passed, failed, skipped }: Report): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
