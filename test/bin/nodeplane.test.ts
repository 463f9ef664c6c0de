import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { NODE_FLAGS } from '../../src/process/child.ts';

const BIN = path.resolve(import.meta.dirname, '../../bin/nodeplane.js');

test('the bench measures with the flags that the program runs with', (t) => {
  const [shebang = ''] = readFileSync(BIN, 'utf8').split('\n');
  t.is(shebang, `#!/usr/bin/env -S node ${NODE_FLAGS.join(' ')}`);
});

test('help names every command', (t) => {
  const help = execFileSync(process.execPath, [BIN, '--help'], { encoding: 'utf8' });
  for (const command of ['run', 'lab', 'bench', 'conformance', 'probe', 'cleanup'])
    t.regex(help, new RegExp(`nodeplane ${command} `));
});

test('a wrong flag is told in one line, with exit code 2', (t) => {
  const args = [BIN, 'run', '--manifests', '/nowhere', '--cluster-cidr', '10.0.0.0/40'];
  const error = t.throws(() => execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' }));
  t.like(error, { status: 2, stderr: 'nodeplane: --cluster-cidr: "10.0.0.0/40" is not a CIDR\n' });
});
