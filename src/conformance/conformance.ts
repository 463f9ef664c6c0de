import { release } from 'node:os';
import type { KernelBackendName } from '../backends/kernel-backend.ts';
import { type Report, type ReportedFailure, reportCase } from './report.ts';
import { checksOf } from './run/check.ts';
import { runVectors } from './run/pool.ts';
import { readVectors } from './vectors/read-vectors.ts';

export interface ConformanceOptions {
  readonly backend: KernelBackendName;
  /** Folder of vector files. */
  readonly vectors: string;
  /** Only vectors whose id matches; the others are skipped. */
  readonly only?: RegExp;
  readonly jobs: number;
  readonly onProgress?: (done: number, of: number) => void;
}

/** Puts this kernel and a backend to the test with real packets. Takes root; touches nothing outside its own namespaces. */
export async function runConformance(options: ConformanceOptions): Promise<Report> {
  const { backend, only, jobs, onProgress } = options;
  const start = performance.now();
  const { vectors, problems } = await readVectors(options.vectors);
  const selected = vectors.filter(({ id }) => only?.test(id) ?? true);
  const skipped = vectors.filter((vector) => !selected.includes(vector));
  let done = 0;
  const onDone = (): void => onProgress?.(++done, selected.length);
  const outcomes = await runVectors(selected, { backend, jobs, onDone });
  const reports = outcomes.flatMap((outcome, index) => {
    const vector = selected[index];
    return vector === undefined ? [] : reportCase(vector, backend, outcome);
  });
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return {
    backend,
    kernel: release(),
    seconds: (performance.now() - start) / 1000,
    passed: sum(reports.map((it) => it.case.passed)),
    failed: sum(reports.map((it) => it.case.failed)) + problems.length,
    skipped: sum(skipped.map((vector) => checksOf(vector, backend).length)),
    failures: [...problems.map(fileFailure), ...reports.flatMap(({ failures }) => failures)],
    cases: reports.map((it) => it.case),
  };
}

function fileFailure(problem: string): ReportedFailure {
  return { kind: 'file', name: problem, rules: [], expected: 'a vector', seen: problem };
}
