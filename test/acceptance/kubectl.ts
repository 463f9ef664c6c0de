/** The real kubectl, with a home of its own, on whatever server its kubeconfig names. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExecutionContext } from 'ava';
import type { JsonObject } from '../../src/apiserver/objects.ts';
import { run } from '../../src/lab/command.ts';

export interface Kubectl {
  /** Also for others that want to reach the server. */
  readonly kubeconfig: string;
  /** Runs a command and gives what it printed; rejects with what it printed on stderr. */
  run(...args: readonly string[]): Promise<string>;
  /** `kubectl apply` of objects. */
  apply(...objects: readonly JsonObject[]): Promise<void>;
  /** `kubectl patch --type=merge`; `name` is KIND/NAME. More arguments go to kubectl. */
  patch(name: string, patch: JsonObject, ...args: readonly string[]): Promise<void>;
  /** `kubectl delete` of KIND/NAME. */
  delete(...names: readonly string[]): Promise<void>;
}

export function kubectlFor(t: ExecutionContext, kubeconfigText: string): Kubectl {
  const home = mkdtempSync(path.join(tmpdir(), 'nodeplane-acceptance-'));
  t.teardown(() => rmSync(home, { recursive: true, force: true }));
  const kubeconfig = path.join(home, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText);
  const flags = ['--kubeconfig', kubeconfig, '--cache-dir', path.join(home, 'cache')];
  const kubectl = (args: readonly string[], input?: string): Promise<string> =>
    run('/usr/bin/kubectl', [...flags, ...args], input);
  return {
    kubeconfig,
    run: (...args) => kubectl(args),
    apply: async (...objects) => {
      await kubectl(['apply', '-f', '-'], objects.map((object) => JSON.stringify(object)).join('\n'));
    },
    patch: async (name, patch, ...args) => {
      await kubectl(['patch', name, '--type=merge', '-p', JSON.stringify(patch), ...args]);
    },
    delete: async (...names) => {
      await kubectl(['delete', ...names]);
    },
  };
}
