import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';

const MAIN = path.resolve(import.meta.dirname, '../../../src/main.ts');

test('--report writes a page that names the command, also beside --json', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'np-report-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  const target = path.join(directory, 'new', 'folder');
  const flags = '--services 5,20 --changes 20 --backend memory';
  const args = ['bench', 'update', ...flags.split(' '), '--json', '--report', target];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN, ...args]);
  t.is(JSON.parse(stdout).results.length, 2);
  const file = path.join(target, 'index.html');
  t.true(stderr.endsWith(`report: ${file}\n`));
  const page = await readFile(file, 'utf8');
  t.true(page.includes(`<code>sudo nodeplane bench update ${flags}</code>`));
  t.false(/NaN|undefined|Infinity/.test(page));
});
