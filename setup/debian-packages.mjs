import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { PACKAGES, TEST_PACKAGES } from './packages.mjs';

const APT_ENV = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
// Somebody else (unattended-upgrades on a new machine) may be at it: wait, instead of failing at once.
const APT_GET = /** @type {const} */ (['apt-get', '-o', 'DPkg::Lock::Timeout=300', '-q', '-y']);

/** A browser is much to install for somebody who runs no tests. */
const WANTED = process.env['npm_lifecycle_event'] === 'test' ? { ...PACKAGES, ...TEST_PACKAGES } : PACKAGES;

/** @returns {import('./steps.mjs').Step} */
export function debianPackages() {
  if (!isDebian()) return otherSystem();
  const missing = missingPackages();
  return {
    title: `install Debian packages: ${missing.join(' ')}`,
    isNeeded: missing.length > 0,
    run: () => install(missing),
  };
}

function missingPackages() {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query fills it in
  const query = ['-W', '-f', '${Package} ${db:Status-Status}\n', ...Object.keys(WANTED)];
  // Its exit code says only that some are missing, which is no error here.
  const { stdout } = spawnSync('dpkg-query', query, { encoding: 'utf8' });
  const installed = new Set(stdout.split('\n'));
  return Object.keys(WANTED).filter((name) => !installed.has(`${name} installed`));
}

/** @param {readonly string[]} names */
async function install(names) {
  await run('apt-update', [...APT_GET, 'update'], APT_ENV);
  await run('apt-install', [...APT_GET, 'install', '--no-install-recommends', ...names], APT_ENV);
}

function isDebian() {
  const { ID, ID_LIKE = '' } = osRelease();
  return ID === 'debian' || ID_LIKE.split(' ').includes('debian');
}

/** @returns {Record<string, string>} */
function osRelease() {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    return Object.fromEntries([...text.matchAll(/^(\w+)="?(.*?)"?$/gm)].map((match) => [match[1], match[2]]));
  } catch {
    return {};
  }
}

/** What provides the packages elsewhere cannot be known, so it is up to the user, who says so once. */
function otherSystem() {
  return {
    title: 'look for packages',
    isNeeded: process.env['NODEPLANE_HAS_PACKAGES'] !== '1',
    run: async () => {
      const list = Object.entries(WANTED).map(([name, reason]) => `    ${name.padEnd(16)} ${reason}`);
      throw new Failure(
        `this is not Debian: install what these Debian packages contain, then set NODEPLANE_HAS_PACKAGES=1\n${list.join('\n')}`,
      );
    },
  };
}
