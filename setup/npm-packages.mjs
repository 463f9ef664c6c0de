import { spawnSync } from 'node:child_process';
import { lstatSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { ROOT, run } from './command.mjs';
import { Failure } from './failure.mjs';
import { Stamp } from './stamp.mjs';

const BIN = path.join(ROOT, 'node_modules', '.bin');
const NODE = path.join(BIN, 'node');
// Inside node_modules, so that it goes when they go.
const STAMP = new Stamp(path.join(ROOT, 'node_modules', '.nodeplane-setup'), [
  path.join(ROOT, 'package-lock.json'),
]);

/** @returns {import('./steps.mjs').Step} */
export function npmPackages() {
  return { title: 'install npm packages', isNeeded: !STAMP.isFresh() || !hasOwnNode(), run: install };
}

async function install() {
  const env = environment();
  await run('npm-ci', [...npm(), 'ci', '--no-audit', '--no-fund'], env);
  // The package `node` fetches its binary in an install script, which npm may be told to skip.
  if (!hasOwnNode()) await run('npm-rebuild', [...npm(), 'rebuild', 'node', '--ignore-scripts=false'], env);
  if (!hasOwnNode()) {
    throw new Failure(
      'the npm package "node" did not install its binary: allow its install script and start again',
    );
  }
  linkNodeplane();
  STAMP.write();
}

/** The npm that runs us, else the one on the PATH. */
function npm() {
  const cli = process.env['npm_execpath'];
  return cli?.endsWith('.js') ? /** @type {const} */ (['node', cli]) : /** @type {const} */ (['npm']);
}

/** Without node_modules/.bin on the PATH: npm must not run on the Node that it is about to replace. */
function environment() {
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => path.resolve(folder) !== BIN);
  return { ...process.env, PATH: folders.join(':') };
}

function hasOwnNode() {
  return spawnSync(NODE, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** npm links the programs of dependencies only; with this, `npx nodeplane` works in the clone. */
function linkNodeplane() {
  const link = path.join(BIN, 'nodeplane');
  if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync('../../bin/nodeplane.js', link);
}
