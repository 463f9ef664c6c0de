import { type Report, writeReport } from '../../bench/report/write-report.ts';

/** A command as one would type it again. */
export function commandLine(benchmark: string, args: readonly string[]): string {
  return ['sudo nodeplane bench', benchmark, ...args.map(quoted)].join(' ');
}

/** Writes the page if there is a folder for it, and says where. */
export async function saveReport(directory: string | undefined, report: Report): Promise<void> {
  if (directory === undefined) return;
  process.stderr.write(`report: ${await writeReport(directory, report)}\n`);
}

function quoted(argument: string): string {
  return /^[\w./:=,@-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
