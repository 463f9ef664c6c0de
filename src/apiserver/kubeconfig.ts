import { stringify } from 'yaml';

/** A kubeconfig for one server, as YAML. `certificateAuthority` is PEM. */
export function kubeconfigOf(
  server: string,
  token: string | undefined,
  certificateAuthority: string | undefined,
): string {
  const ca =
    certificateAuthority === undefined
      ? {}
      : { 'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64') };
  const name = 'nodeplane-embedded';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, ...ca } }],
    users: [{ name, user: token === undefined ? {} : { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
