import { type Report, writeReport } from '../../bench/report/write-report.ts';

/** A command as one would type it again, without the flags that say only where its results go. */
export function commandLine(name: string, args: readonly string[]): string {
  const measuring = args.filter((it, index) => !isOfOutput(it) && args[index - 1] !== '--report');
  return ['sudo nodeplane bench', name, ...measuring.map(quoted)].filter(Boolean).join(' ');
}

/** Writes the page and says where. */
export async function saveReport(directory: string, report: Report): Promise<void> {
  process.stderr.write(`report: ${await writeReport(directory, report)}\n`);
}

function isOfOutput(argument: string): boolean {
  return argument === '--json' || argument === '--report' || argument.startsWith('--report=');
}

function quoted(argument: string): string {
  return /^[\w./:=,@-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
