import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { loadClusterConfig } from '../../../src/kubernetes/config/cluster-config.ts';
import { inClusterConfig } from '../../../src/kubernetes/config/in-cluster.ts';
import { temporaryFile } from '../cluster.ts';

/** As kubeadm writes it (interface.md 7). */
const KUBEADM = `
apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    server: https://10.0.0.1:6443
  name: default
contexts:
- context: { cluster: default, namespace: default, user: default }
  name: default
current-context: default
users:
- name: default
  user: { tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token }
`;

test('the kubeconfig of kubeadm', (t) => {
  const config = loadClusterConfig({ kubeconfig: temporaryFile(t, KUBEADM) });
  t.like(config, {
    tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
    cluster: {
      server: 'https://10.0.0.1:6443',
      caFile: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
      skipTLSVerify: false,
    },
  });
});

test('--master overrides the server and nothing else', (t) => {
  const config = loadClusterConfig({ kubeconfig: temporaryFile(t, KUBEADM), master: 'https://other:6443' });
  t.is(config.cluster.server, 'https://other:6443');
  t.regex(config.cluster.caFile ?? '', /ca\.crt$/);
  t.regex(config.tokenFile ?? '', /token$/);
});

test('--master alone is a server without credentials', (t) => {
  const config = loadClusterConfig({ master: 'http://127.0.0.1:8080' });
  t.deepEqual(config.user, { name: 'anonymous' });
  t.is(config.cluster.server, 'http://127.0.0.1:8080');
});

test('relative files are relative to the kubeconfig', (t) => {
  const text = KUBEADM.replace(/\/var\/run\/\S+ca\.crt/, 'pki/ca.crt').replace(
    /tokenFile: \S+/,
    'client-certificate: c.crt, client-key: c.key',
  );
  const file = temporaryFile(t, '');
  writeFileSync(file, text);
  const { cluster, user } = loadClusterConfig({ kubeconfig: file });
  const directory = path.dirname(file);
  t.is(cluster.caFile, `${directory}/pki/ca.crt`);
  t.is(user.certFile, `${directory}/c.crt`);
  t.is(user.keyFile, `${directory}/c.key`);
});

function refuses(t: ExecutionContext, text: string, message: RegExp): void {
  t.throws(() => loadClusterConfig({ kubeconfig: temporaryFile(t, text) }), { message });
}

test(
  'no such context',
  refuses,
  KUBEADM.replace('current-context: default', 'current-context: x'),
  /^Cannot use kubeconfig \S+: current-context "x" is not in contexts$/,
);
test(
  'no such cluster',
  refuses,
  KUBEADM.replace('{ cluster: default', '{ cluster: x'),
  /cluster "x" of context "default" is not in clusters$/,
);
test(
  'no such user',
  refuses,
  KUBEADM.replace('user: default }', 'user: x }'),
  /user "x" of context "default" is not in users$/,
);
test('no YAML', refuses, 'a: [', /^Cannot use kubeconfig/);
test('no object', refuses, '3', /is no object$/);
test(
  'no URL',
  refuses,
  KUBEADM.replace('https://10.0.0.1:6443', '10.0.0.1'),
  /server: "10.0.0.1" is not a URL/,
);

test('a file that is not there', (t) => {
  t.throws(() => loadClusterConfig({ kubeconfig: '/nowhere' }), {
    message: /^Cannot use kubeconfig \/nowhere: ENOENT/,
  });
});

test('in a pod', (t) => {
  const { cluster, tokenFile } = inClusterConfig({
    KUBERNETES_SERVICE_HOST: 'fd00::1',
    KUBERNETES_SERVICE_PORT: '443',
  });
  t.is(cluster.server, 'https://[fd00::1]:443');
  t.is(tokenFile, '/var/run/secrets/kubernetes.io/serviceaccount/token');
  t.throws(() => inClusterConfig({}), { message: /KUBERNETES_SERVICE_HOST/ });
});
