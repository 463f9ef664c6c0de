import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import type { ApiServer } from '../../src/apiserver/server.ts';
import { startServer } from './helpers.ts';

/** The real kubectl on a server of its own, with a home of its own. */
export interface Kubectl {
  readonly server: ApiServer;
  /** Runs a command and gives its standard output; rejects with standard error when it fails. */
  run(...args: string[]): Promise<string>;
  /** The same with an editor: a shell command that gets the file as $1. */
  runWithEditor(script: string, ...args: string[]): Promise<string>;
  /** Writes a manifest and gives its path. */
  file(name: string, content: string): string;
  /** Starts a command that runs until the test ends. */
  start(...args: string[]): ChildProcess;
}

export async function startKubectl(t: ExecutionContext): Promise<Kubectl> {
  const server = await startServer(t);
  const home = mkdtempSync(path.join(tmpdir(), 'nodeplane-kubectl-'));
  t.teardown(() => rmSync(home, { recursive: true, force: true }));
  const file = (name: string, content: string): string => {
    writeFileSync(path.join(home, name), content, { mode: 0o700 });
    return path.join(home, name);
  };
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    KUBECONFIG: file('kubeconfig', server.kubeconfig()),
  };
  const runIn = async (more: Record<string, string>, args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('/usr/bin/kubectl', args, {
      env: { ...env, ...more },
      timeout: 30_000,
    });
    return stdout;
  };
  return {
    server,
    file,
    run: (...args) => runIn({}, args),
    runWithEditor: (script, ...args) => runIn({ EDITOR: file('editor.sh', `#!/bin/sh\n${script}\n`) }, args),
    start: (...args) => {
      const child = spawn('/usr/bin/kubectl', args, { env });
      t.teardown(() => child.kill());
      return child;
    },
  };
}
