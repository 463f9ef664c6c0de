import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { KERNEL_BACKENDS } from '../../src/backends/kernel-backend.ts';
import { NFT, run } from '../../src/lab/command.ts';
import type { BackendReport } from '../../src/probe/feature.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/main.ts');

test('a kernel that runs these tests can run every mode, and is left as it was', async (t) => {
  const before = await run(NFT, ['list', 'ruleset']);
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'probe', '--json']);
  const { backends }: { backends: BackendReport[] } = JSON.parse(stdout);
  t.deepEqual(
    backends.map(({ backend, can_run }) => [backend, can_run]),
    KERNEL_BACKENDS.map((name) => [name, true]),
  );
  t.is(await run(NFT, ['list', 'ruleset']), before);
});
