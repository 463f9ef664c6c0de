import { execFile } from 'node:child_process';
import path from 'node:path';
import { type Tally, tallyOf } from './tally.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BIN = path.join(ROOT, 'node_modules', '.bin');

export interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** The same commands as `npm run check`. */
export const CHECKS: readonly Check[] = [
  {
    name: 'format and lint',
    command: 'biome',
    args: ['check', '--error-on-warnings', '--max-diagnostics=none'],
  },
  { name: 'types', command: 'tsc', args: [] },
  { name: 'types of setup', command: 'tsc', args: ['-p', 'setup'] },
];

/** Runs a check; what it printed is shown if it failed. */
export async function runCheck({ name, command, args }: Check): Promise<Tally> {
  const start = performance.now();
  const { isOk, output } = await execute(path.join(BIN, command), args);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${isOk ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
  if (!isOk) process.stdout.write(`\n${output}\nTo see it alone: ${[command, ...args].join(' ')}\n\n`);
  return tallyOf(isOk ? 'passed' : 'failed');
}

function execute(command: string, args: readonly string[]): Promise<{ isOk: boolean; output: string }> {
  const options = { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      const isStarted = error === null || typeof error.code === 'number';
      resolve({ isOk: error === null, output: isStarted ? `${stdout}${stderr}` : error.message });
    });
  });
}
