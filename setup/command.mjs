import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';

export const ROOT = path.resolve(import.meta.dirname, '..');

const LOGS = path.join(ROOT, 'build', 'logs');
const TAIL_LINES = 30;

/**
 * Runs a program in the repository. What it prints goes to build/logs/NAME.log, and is shown only if it fails.
 *
 * @param {string} name of the log
 * @param {readonly [string, ...string[]]} commandLine
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<void>}
 */
export async function run(name, commandLine, env = process.env) {
  mkdirSync(LOGS, { recursive: true });
  const log = path.join(LOGS, `${name}.log`);
  const [program, ...args] = commandLine;
  const status = await exitStatus(program, args, log, env);
  if (status === 0) return;
  const what = `\`${commandLine.join(' ')}\` failed (${status})`;
  throw new Failure(`${what}; the end of ${path.relative(ROOT, log)}:\n\n${tailOf(log)}`);
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} log
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number | string>} exit code, signal or error code
 */
function exitStatus(program, args, log, env) {
  const output = openSync(log, 'w');
  const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', output, output] });
  closeSync(output);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`cannot start: ${error.message}`));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}

/** @param {string} log */
function tailOf(log) {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  return lines
    .slice(-TAIL_LINES)
    .map((line) => `    ${line}`)
    .join('\n');
}
