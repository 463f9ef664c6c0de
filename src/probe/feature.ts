/** Something of a kernel that a backend uses. */
export interface Feature {
  readonly name: string;
  /** Whether the backend cannot work without it. */
  readonly isNeeded: boolean;
  /** What is lost without it, for somebody who runs a node. */
  readonly without: string;
  /** Tries it, changing nothing that outlives the process. Throws, or rejects, with what the kernel says. */
  readonly attempt: () => Promise<void> | void;
}

/** A feature that was tried. All data: `--json` prints it. */
export interface Finding {
  readonly feature: string;
  readonly is_needed: boolean;
  readonly without: string;
  /** What the kernel says; absent: it has it. */
  readonly missing?: string;
}

/** What this kernel can do for a backend. */
export interface BackendReport {
  readonly backend: string;
  readonly can_run: boolean;
  readonly findings: readonly Finding[];
}

/** Tries features one after the other: each may rely on what those before it found. */
export async function tryAll(backend: string, features: readonly Feature[]): Promise<BackendReport> {
  const findings: Finding[] = [];
  for (const { name, isNeeded, without, attempt } of features) {
    const missing = await failureOf(attempt);
    findings.push({ feature: name, is_needed: isNeeded, without, ...(missing !== undefined && { missing }) });
  }
  const isUsable = findings.every(({ is_needed, missing }) => !is_needed || missing === undefined);
  return { backend, can_run: isUsable, findings };
}

async function failureOf(attempt: Feature['attempt']): Promise<string | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
