import test, { type ExecutionContext } from 'ava';
import { proxyFor } from '../../../src/kubernetes/config/proxy.ts';

function proxied(t: ExecutionContext, server: string, noProxy: string, isProxied: boolean): void {
  const env = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: noProxy };
  t.is(proxyFor(new URL(server), env), isProxied ? 'http://proxy:3128' : undefined);
}

for (const [server, noProxy, isProxied] of [
  ['https://10.0.0.1:6443', '', true],
  ['https://10.0.0.1:6443', '10.0.0.1', false],
  ['https://10.0.0.1:6443', '10.0.0.0/8, x', false],
  ['https://10.0.0.1:6443', '10.96.0.0/12', true],
  ['https://10.0.0.1:6443', '10.0.0.1:6443', false],
  ['https://10.0.0.1:6443', '10.0.0.1:443', true],
  ['https://[fd00::1]:6443', 'fd00::/8', false],
  ['https://[fd00::1]:6443', '[fd00::1]:6443', false],
  ['https://[fd00::1]:6443', 'fd00::1', false],
  ['https://api.example.org', 'example.org', false],
  ['https://api.example.org', '.example.org', false],
  ['https://example.org', '.example.org', true],
  ['https://api.example.org', '*.example.org', false],
  ['https://badexample.org', 'example.org', true],
  ['https://api.example.org', '10.0.0.0/8', true],
  ['https://api.example.org', '10.0.0.0/99,x/y', true],
  ['https://api.example.org', '*', false],
  ['https://127.0.0.1:6443', '', false],
  ['https://localhost:6443', '', false],
  ['http://10.0.0.1', '', false],
] as const) {
  test(`${server} with NO_PROXY=${noProxy}`, proxied, server, noProxy, isProxied);
}

test('lower case, and a proxy without scheme', (t) => {
  t.is(proxyFor(new URL('http://10.0.0.1'), { http_proxy: 'proxy:3128' }), 'http://proxy:3128');
});

test('proxy-url of the kubeconfig wins', (t) => {
  t.is(proxyFor(new URL('https://127.0.0.1'), { NO_PROXY: '*' }, 'http://p'), 'http://p');
});
