/** A certificate for 127.0.0.1 that signs itself, made by `openssl req -x509`. For tests only. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

function makeCertificate(): { key: string; cert: string } {
  const directory = mkdtempSync(path.join(tmpdir(), 'nodeplane-test-'));
  const file = (name: string) => path.join(directory, name);
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const keyType = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const output = ['-keyout', file('key.pem'), '-out', file('cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...keyType, ...output, ...subject], {
    stdio: 'pipe',
  });
  const pair = { key: readFileSync(file('key.pem'), 'utf8'), cert: readFileSync(file('cert.pem'), 'utf8') };
  rmSync(directory, { recursive: true });
  return pair;
}

export const CERTIFICATE: { readonly key: string; readonly cert: string } = makeCertificate();
