import { type ManifestProblem, problemKey } from './problem.ts';

/** What is new since the last look. */
export interface ProblemNews {
  readonly appeared: readonly ManifestProblem[];
  /** Names of files that had problems and have none now. */
  readonly healthy: readonly string[];
}

/** Remembers the problems that there are, so that each is reported once for as long as it lasts. */
export class ProblemLog {
  #known: ReadonlyMap<string, ManifestProblem> = new Map();

  update(problems: readonly ManifestProblem[]): ProblemNews {
    const before = this.#known;
    const now = new Map(problems.map((problem) => [problemKey(problem), problem]));
    this.#known = now;
    const appeared = [...now].filter(([key]) => !before.has(key)).map(([, problem]) => problem);
    const healthy = filesOf(before.values()).difference(filesOf(now.values()));
    return { appeared, healthy: [...healthy] };
  }
}

function filesOf(problems: Iterable<ManifestProblem>): Set<string> {
  const files = new Set<string>();
  for (const { file } of problems) files.add(file);
  return files;
}
