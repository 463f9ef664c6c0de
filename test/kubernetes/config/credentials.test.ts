import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import test from 'ava';
import type { ClusterConfig } from '../../../src/kubernetes/config/cluster-config.ts';
import { credentialsOf } from '../../../src/kubernetes/config/credentials.ts';
import { TokenFile } from '../../../src/kubernetes/config/token-file.ts';
import { temporaryFile } from '../cluster.ts';

function configOf(user: object, tokenFile?: string): ClusterConfig {
  return {
    cluster: { name: 'c', server: 'https://c', skipTLSVerify: false },
    user: { name: 'u', ...user },
    ...(tokenFile !== undefined && { tokenFile }),
  };
}

test('a token', async (t) => {
  t.deepEqual(await credentialsOf(configOf({ token: 'abc' }), 0).headers(), { authorization: 'Bearer abc' });
});

test('a token file wins over a token', async (t) => {
  const credentials = credentialsOf(configOf({ token: 'abc' }, temporaryFile(t, 'def\n')), 0);
  t.deepEqual(await credentials.headers(), { authorization: 'Bearer def' });
});

test('user and password', async (t) => {
  const credentials = credentialsOf(configOf({ username: 'ann', password: 'x' }), 0);
  t.deepEqual(await credentials.headers(), { authorization: 'Basic YW5uOng=' });
});

test('nobody, as somebody', async (t) => {
  t.deepEqual(await credentialsOf(configOf({}), 0).headers(), {});
  t.deepEqual(await credentialsOf(configOf({ impersonateUser: 'eve' }), 0).headers(), {
    'impersonate-user': 'eve',
  });
});

test('a client certificate is read again for each connection', async (t) => {
  const certFile = temporaryFile(t, 'one');
  const keyData = Buffer.from('key').toString('base64');
  const credentials = credentialsOf(configOf({ certFile, keyData }), 0);
  const certificate = async () => Object.values(await credentials.certificate()).map(String);
  t.deepEqual(await certificate(), ['one', 'key']);
  writeFileSync(certFile, 'two');
  t.deepEqual(await certificate(), ['two', 'key']);
});

test('a token file is read again when it is old, and when the token was refused', async (t) => {
  const file = temporaryFile(t, 'one');
  const lasting = new TokenFile(file, 60_000);
  const short = new TokenFile(file, 0);
  t.deepEqual([await lasting.read(), await short.read()], ['one', 'one']);
  writeFileSync(file, 'two');
  t.deepEqual([await lasting.read(), await short.read()], ['one', 'two']);
  lasting.forget();
  t.is(await lasting.read(), 'two');
});

test('while a token file is away, the last token counts', async (t) => {
  const file = temporaryFile(t, 'one');
  const token = new TokenFile(file, 0);
  await token.read();
  rmSync(file);
  t.is(await token.read(), 'one');
  await t.throwsAsync(new TokenFile(file, 0).read(), { message: /^Cannot read the token: ENOENT/ });
});

const PLUGIN = `#!/bin/sh
echo x >> "$COUNTER"
echo "{\\"status\\":{\\"token\\":\\"$(echo "$KUBERNETES_EXEC_INFO" | cut -c1-24 | tr -d '"{}:')-$(wc -l < "$COUNTER" | tr -d ' ')\\"}}"
`;

test('an exec plugin is asked once, and again when its token was refused', async (t) => {
  const command = temporaryFile(t, PLUGIN);
  chmodSync(command, 0o755);
  const env = [{ name: 'COUNTER', value: temporaryFile(t, '') }];
  const credentials = credentialsOf(configOf({ exec: { command, env } }), 0);
  t.deepEqual(await credentials.headers(), { authorization: 'Bearer kindExecCredential-1' });
  t.deepEqual(await credentials.headers(), { authorization: 'Bearer kindExecCredential-1' });
  credentials.forget();
  t.deepEqual(await credentials.headers(), { authorization: 'Bearer kindExecCredential-2' });
});

test('an exec plugin that fails', async (t) => {
  const credentials = credentialsOf(configOf({ exec: { command: '/nowhere' } }), 0);
  await t.throwsAsync(async () => credentials.headers(), {
    message: /^Cannot get credentials for user "u": .*ENOENT/,
  });
});

test('a provider that nobody has any more', async (t) => {
  const credentials = credentialsOf(configOf({ authProvider: { name: 'gcp' } }), 0);
  await t.throwsAsync(async () => credentials.headers(), {
    message: /The auth-provider "gcp" of user "u" is not supported/,
  });
});
