import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { apiserver } from '../../src/cli/apiserver.ts';

const MODULE = path.resolve(import.meta.dirname, '../../src/cli/apiserver.ts');

test('runs until a signal, keeps its state, writes a kubeconfig', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nodeplane-cli-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [state, kubeconfig] = [path.join(folder, 'state'), path.join(folder, 'kubeconfig')];
  const args = ['--listen', '127.0.0.1:0', '--state', state, '--kubeconfig-out', kubeconfig];
  const script = `import(${JSON.stringify(MODULE)}).then(async (it) => process.exit(await it.apiserver(${JSON.stringify(args)})))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  const url = /http:\S+/.exec(String(line))?.[0] ?? '';
  t.is((await fetch(`${url}/readyz`)).status, 200);
  t.true(readFileSync(kubeconfig, 'utf8').includes(url));
  child.kill('SIGTERM');
  t.deepEqual(await once(child, 'exit'), [0, null]);
  t.regex(readFileSync(state, 'utf8'), /"resource":"namespaces"/);
});

test('an address that is none', async (t) => {
  await t.throwsAsync(apiserver(['--listen', '8001']), {
    message: '--listen: "8001" is not an address and a port such as 127.0.0.1:8001',
  });
});
