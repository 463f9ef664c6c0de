import { release } from 'node:os';
import { parseArgs } from 'node:util';
import type { BackendReport, Finding } from '../probe/feature.ts';
import { probe as probeKernel } from '../probe/probe.ts';

/** `nodeplane probe`: exit code 1 if a mode does not work on this kernel. */
export async function probe(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
  if (process.getuid?.() !== 0) {
    process.stderr.write(
      'nodeplane probe: it tries things in a network namespace of its own, so it must run as root: use sudo\n',
    );
    return 1;
  }
  const reports = await probeKernel();
  process.stdout.write(
    values.json ? `${JSON.stringify({ kernel: release(), backends: reports })}\n` : tables(reports),
  );
  return reports.every(({ can_run }) => can_run) ? 0 : 1;
}

/** One table for each backend, as people read it. */
export function tables(reports: readonly BackendReport[]): string {
  return reports.map((report) => `${headOf(report)}\n${report.findings.map(line).join('')}`).join('\n');
}

function headOf({ backend, can_run }: BackendReport): string {
  return `${backend}: ${can_run ? 'works' : 'does not work'} on Linux ${release()}`;
}

function line({ feature, missing, without, is_needed }: Finding): string {
  if (missing === undefined) return `  yes      ${feature}\n`;
  return `  ${is_needed ? 'MISSING' : 'missing'}  ${feature}: ${without}\n           ${missing}\n`;
}
