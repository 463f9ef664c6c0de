import { isIPv6 } from 'node:net';
import type { ClusterConfig } from './cluster-config.ts';

const DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What Kubernetes gives every pod. Throws if we are in none. */
export function inClusterConfig(env: NodeJS.ProcessEnv, directory = DIRECTORY): ClusterConfig {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  if (!host || !port) {
    throw new Error(
      'No kubeconfig, and not in a pod: KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set',
    );
  }
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return {
    cluster: { name: 'in-cluster', server, skipTLSVerify: false, caFile: `${directory}/ca.crt` },
    user: { name: 'service-account' },
    tokenFile: `${directory}/token`,
  };
}
