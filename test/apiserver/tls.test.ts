import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parse } from 'yaml';
import { valueAt } from '../../src/apiserver/objects.ts';
import { SERVICES, service, startServer } from './helpers.ts';

function certificate(t: ExecutionContext): { key: string; cert: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'nodeplane-tls-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [key, cert] = ['key', 'cert'].map((name) => path.join(folder, name));
  const subject = ['-subj', '/CN=nodeplane', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const options = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '1',
  ];
  execFileSync('openssl', [...options, ...subject, '-keyout', key ?? '', '-out', cert ?? ''], {
    stdio: 'ignore',
  });
  return { key: readFileSync(key ?? '', 'utf8'), cert: readFileSync(cert ?? '', 'utf8') };
}

test('HTTP/2 over TLS: lists, watches, and a stall that answers no ping', async (t) => {
  const tls = certificate(t);
  const server = await startServer(t, { tls });
  const client = connect(server.url, { ca: tls.cert });
  client.on('error', () => {});
  t.teardown(() => client.destroy());
  const list = client.request({ ':path': SERVICES });
  const parts: Buffer[] = [];
  for await (const part of list) parts.push(part);
  t.is(JSON.parse(Buffer.concat(parts).toString()).kind, 'ServiceList');

  const watch = client.request({
    ':path': `${SERVICES}?watch=true&resourceVersion=${server.store.resourceVersion}`,
  });
  await new Promise((resolve) => watch.once('response', resolve));
  const seen = new Promise((resolve) => watch.once('data', (bytes) => resolve(String(bytes))));
  server.store.create('services', service('web'));
  t.regex(String(await seen), /"type":"ADDED"/);
  t.true(await pings(client), 'alive');
  server.faults.stallConnections();
  t.false(await pings(client), 'half-open');
});

/** Whether a ping is answered within 300 ms. */
function pings(client: ReturnType<typeof connect>): Promise<boolean> {
  return new Promise((resolve) => {
    client.ping(() => resolve(true));
    setTimeout(resolve, 300, false);
  });
}

test('the kubeconfig of a TLS server trusts its certificate', async (t) => {
  const tls = certificate(t);
  const server = await startServer(t, { tls, token: 'secret' });
  const config: unknown = parse(server.kubeconfig());
  const [cluster] = valueAt(config, 'clusters') as unknown[];
  const data = String(valueAt(cluster, 'cluster', 'certificate-authority-data'));
  t.is(Buffer.from(data, 'base64').toString(), tls.cert);
  t.is(valueAt((valueAt(config, 'users') as unknown[])[0], 'user', 'token'), 'secret');
});
