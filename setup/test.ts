/**
 * `npm test [-- FILES]`: the checks, then the tests. All of them run even if one fails, so that one run tells
 * everything; the last line counts checks and tests alike.
 *
 * With files or folders it runs only their tests and no checks.
 */
import { runAva } from './test/ava.ts';
import { CHECKS, runCheck } from './test/check.ts';
import { addTally, emptyTally, summaryLine, type Tally } from './test/tally.ts';

async function main(selection: readonly string[]): Promise<number> {
  let total: Tally = emptyTally();
  const broken: string[] = [];
  const count = (name: string, tally: Tally): void => {
    total = addTally(total, tally);
    if (tally.failed > 0) broken.push(name);
  };
  if (selection.length === 0) for (const check of CHECKS) count(check.name, await runCheck(check));
  count('tests', await runAva(selection));
  if (broken.length > 0) process.stdout.write(`\nbroken: ${broken.join(', ')}\n`);
  process.stdout.write(`\n${summaryLine(total)}\n`);
  return broken.length > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
