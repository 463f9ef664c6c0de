import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Progress } from './progress.ts';
import { addTally, emptyTally, type Tally, tallyOf } from './tally.ts';
import { TapReader, type TapResult } from './tap-reader.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const AVA = path.join(ROOT, 'node_modules', '.bin', 'ava');

/** Runs the tests, all or those of a selection of files and folders, and prints progress and failures. */
export async function runAva(selection: readonly string[]): Promise<Tally> {
  const progress = new Progress();
  let tally = emptyTally();
  const reader = new TapReader((result) => {
    tally = addTally(tally, tallyOf(result.outcome));
    if (result.outcome === 'failed') progress.print(failureText(result));
    progress.update(result.title, tally);
  });
  const ava = spawn(process.execPath, [AVA, '--tap', ...selection], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const status = await follow(ava, reader, progress);
  progress.end();
  return withHiddenFailures(tally, status);
}

/** Feeds the reader until AVA ended; what tests print themselves arrives on its stderr and is passed on. */
async function follow(ava: ChildProcess, reader: TapReader, progress: Progress): Promise<number | string> {
  const status = new Promise<number | string>((resolve, reject) => {
    ava.once('error', reject);
    ava.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  if (ava.stdout !== null) createInterface(ava.stdout).on('line', (line) => reader.line(line));
  if (ava.stderr !== null) createInterface(ava.stderr).on('line', (line) => progress.print(line));
  const ended = await status;
  reader.end();
  return ended;
}

function failureText({ title, details }: TapResult): string {
  return ['', `FAILED ${title}`, ...details, ''].join('\n');
}

/** AVA may fail without a failed test: no test was found, or AVA itself broke. That must not look like success. */
function withHiddenFailures(tally: Tally, status: number | string): Tally {
  const isEmpty = tally.passed + tally.failed === 0;
  if (status === 0 && !isEmpty) return tally;
  if (tally.failed > 0) return tally;
  process.stdout.write(isEmpty ? 'FAILED: no test was run\n' : `FAILED: AVA ended with ${status}\n`);
  return addTally(tally, tallyOf('failed'));
}
