import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ROOT, run } from './command.mjs';
import { Stamp } from './stamp.mjs';

const ADDON = path.join(ROOT, 'build', 'native', 'Release', 'nodeplane.node');
// The lock file stands for the headers of Node-API, which are npm packages.
const STAMP = new Stamp(path.join(ROOT, 'build', 'native.stamp'), [
  path.join(ROOT, 'native'),
  path.join(ROOT, 'bpf'),
  path.join(ROOT, 'package-lock.json'),
]);

/** @returns {import('./steps.mjs').Step} */
export function nativeAddon() {
  return { title: 'build the native addon', isNeeded: !existsSync(ADDON) || !STAMP.isFresh(), run: build };
}

async function build() {
  // Otherwise make uses one core.
  const env = { ...process.env, CMAKE_BUILD_PARALLEL_LEVEL: String(availableParallelism()) };
  await run('build', ['npm', 'run', 'build'], env);
  STAMP.write();
}
