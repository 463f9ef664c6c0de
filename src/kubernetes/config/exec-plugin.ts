import type { Authenticator } from '@kubernetes/client-node/dist/auth.js';
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js';

/** The runner of a user's exec plugin. Remembers what the plugin said until that expires. */
export async function execAuthenticator(user: User): Promise<{ authenticator: Authenticator; user: User }> {
  return { authenticator: new ExecAuth(), user: { ...user, exec: withExecInfo(user.exec) } };
}

interface ExecConfig {
  readonly apiVersion?: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
}

/** Plugins are told in which version to answer, and that nobody is there to be asked; client-node leaves that out. */
function withExecInfo(exec: ExecConfig): ExecConfig {
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion ?? 'client.authentication.k8s.io/v1',
    spec: { interactive: false },
  };
  return {
    ...exec,
    env: [...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }],
  };
}
