import test from 'ava';
import type { Section } from '../../../src/bench/report/section.ts';
import { measureAll, type Part } from '../../../src/cli/bench/all.ts';
import type { Measured } from '../../../src/cli/bench/benchmark.ts';

function section(title: string, command: string): Section {
  return { title, about: '', command, plots: [], tables: [] };
}

/** A benchmark that measures nothing. */
function part(name: string, measured: Partial<Measured> = {}): Part {
  return {
    name,
    args: ['--changes', '5'],
    seconds: 30,
    benchmark: {
      help: { summary: `measures ${name}`, options: '' },
      run: async () => 0,
      obstacle: () => undefined,
      measure: async (args, { progress, print }) => {
        progress(`${args.join(' ')} 1/2`);
        print(`table of ${name}\n`);
        return { report: { of: name }, sections: (command) => [section(name, command)], ...measured };
      },
    },
  };
}

async function measured(...parts: readonly Part[]) {
  const progress: string[] = [];
  const printed: string[] = [];
  const all = await measureAll(parts, {
    progress: (it) => progress.push(it),
    print: (it) => printed.push(it),
  });
  return { all, progress, printed: printed.join('') };
}

test('the report has the reports of all by name, with their commands', async (t) => {
  const { all } = await measured(part('one'), part('two'));
  const { machine, ...rest } = all.report as { machine: { node: string } };
  t.is(machine.node, process.version);
  t.deepEqual(rest, {
    commands: { one: 'sudo nodeplane bench one --changes 5', two: 'sudo nodeplane bench two --changes 5' },
    reports: { one: { of: 'one' }, two: { of: 'two' } },
  });
});

test('each section names the command of its own benchmark', async (t) => {
  const { all } = await measured(part('one'), part('two'));
  t.deepEqual(all.sections('nodeplane bench'), [
    section('one', 'sudo nodeplane bench one --changes 5'),
    section('two', 'sudo nodeplane bench two --changes 5'),
  ]);
});

test('progress tells the time left of all; steps stay at its end, where a log leaves them out', async (t) => {
  const { progress } = await measured(part('one'), part('two'));
  t.is(progress[0], 'about 1:00 left, one: --changes 5 1/2');
  t.regex(progress[1] ?? '', /^about 0:\d\d left, two: /);
});

test('tables come under the name of their benchmark', async (t) => {
  const { printed } = await measured(part('one'), part('two'));
  t.is(printed, '\none: measures one\n\ntable of one\n\ntwo: measures two\n\ntable of two\n');
});

test('what failed in one of them fails all', async (t) => {
  t.false((await measured(part('one'), part('two'))).all.hasFailures);
  t.true((await measured(part('one', { hasFailures: true }), part('two'))).all.hasFailures);
});
