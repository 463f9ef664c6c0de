import { parseArgs } from 'node:util';
import { SHORT_FORMS, type ShortForm } from '../../bench/all/short-form.ts';
import { TimeLeft } from '../../bench/all/time-left.ts';
import { type Machine, thisMachine } from '../../bench/common/machine.ts';
import {
  type Benchmark,
  COMMON_FLAGS,
  COMMON_HELP,
  type CommonOptions,
  type Measured,
  type Output,
} from './benchmark.ts';
import { BENCHMARKS, type NamedBenchmark } from './benchmarks.ts';
import { commandLine } from './report.ts';

/** What `--json` prints: the report of each benchmark by its name. */
interface AllReport {
  readonly machine: Machine;
  readonly commands: Readonly<Record<string, string>>;
  readonly reports: Readonly<Record<string, object>>;
}

export interface Part extends ShortForm {
  readonly benchmark: NamedBenchmark;
}

/** `nodeplane bench`: a short form of all benchmarks, one after the other. */
export const ALL: Benchmark = {
  help: {
    summary: 'a short form of all of them, in less than five minutes (default)',
    options: `\n${COMMON_HELP}`,
  },
  parse: parseAllOptions,
  obstacleTo: () =>
    partsOf(SHORT_FORMS)
      .map(({ benchmark, args }) => benchmark.obstacle(args))
      .find(Boolean),
  measure: (_, output) => measureAll(partsOf(SHORT_FORMS), output),
};

function parseAllOptions(args: readonly string[]): CommonOptions {
  const { values } = parseArgs({ args: [...args], options: COMMON_FLAGS });
  return { json: values.json, report: values.report };
}

function partsOf(forms: readonly ShortForm[]): Part[] {
  return forms.map((form) => {
    const benchmark = BENCHMARKS[form.name];
    if (benchmark === undefined) throw new RangeError(`"${form.name}" is not a benchmark`);
    return { ...form, benchmark };
  });
}

/** Runs them one after the other, and tells how much time is left. */
export async function measureAll(parts: readonly Part[], { progress, print }: Output): Promise<Measured> {
  const timeLeft = new TimeLeft(parts.map((it) => it.seconds));
  const done: { part: Part; measured: Measured }[] = [];
  for (const part of parts) {
    print(`\n${part.name}: ${part.benchmark.help.summary}\n\n`);
    const tell = (text: string): void => progress(`${timeLeft.text()}, ${part.name}: ${text}`);
    done.push({ part, measured: await part.benchmark.measure(part.args, { print, progress: tell }) });
    timeLeft.next();
  }
  const byName = <Value>(value: (part: Part, measured: Measured) => Value): Record<string, Value> =>
    Object.fromEntries(done.map(({ part, measured }) => [part.name, value(part, measured)]));
  const report: AllReport = {
    machine: thisMachine(),
    commands: byName(commandOf),
    reports: byName((_, measured) => measured.report),
  };
  return {
    report,
    sections: () => done.flatMap(({ part, measured }) => measured.sections(commandOf(part))),
    hasFailures: done.some(({ measured }) => measured.hasFailures),
  };
}

function commandOf({ name, args }: Part): string {
  return commandLine(name, args);
}
