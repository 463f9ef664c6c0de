import { thisMachine } from '../../bench/common/machine.ts';
import type { Benchmark, CommonOptions } from './benchmark.ts';
import { refuse } from './obstacles.ts';
import { clearProgress, printMachine, progressLine } from './output.ts';
import { commandLine, saveReport } from './report.ts';

/** Runs one benchmark as its flags say; resolves to the exit code. */
export async function runBenchmark<Options extends CommonOptions>(
  name: string,
  benchmark: Benchmark<Options>,
  args: readonly string[],
): Promise<number> {
  const options = benchmark.parse(args);
  const obstacle = benchmark.obstacleTo(options);
  if (obstacle !== undefined) return refuse(obstacle);
  const startedAt = new Date();
  const print = (text: string): void => {
    clearProgress();
    if (!options.json) process.stdout.write(text);
  };
  const measured = await benchmark.measure(options, { progress: progressLine(), print });
  clearProgress();
  if (options.json) process.stdout.write(`${JSON.stringify(measured.report)}\n`);
  else printMachine(thisMachine());
  if (options.report !== undefined) {
    const sections = measured.sections(commandLine(name, args));
    await saveReport(options.report, { title: `nodeplane bench ${name}`.trim(), startedAt, sections });
  }
  return measured.hasFailures === true ? 1 : 0;
}
