import { createServer, type Server } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import { runHealthCheck } from '../../src/conformance/run/health-check.ts';
import type { HealthCheck } from '../../src/conformance/vectors/vector.ts';

/** The answers of a service's check, right and wrong, on the loopback. */

const NODE = { name: 'here', ips: ['127.0.0.1', '::1'], podCIDRs: [] };

async function listen(t: ExecutionContext, status: number, weight: string, body: string): Promise<number> {
  const server: Server = createServer((_, response) => {
    response.writeHead(status, { 'x-load-balancing-endpoint-weight': weight }).end(body);
  });
  t.teardown(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function bodyOf(name: string, localEndpoints: number): string {
  return JSON.stringify({ service: { namespace: 'shop', name }, localEndpoints, serviceProxyHealthy: true });
}

async function seen(
  t: ExecutionContext,
  answer: { status?: number; weight?: string; body?: string },
  expect: HealthCheck['expect'],
): Promise<string | undefined> {
  const { status = 200, weight = '2', body = bodyOf('web', 2) } = answer;
  const port = await listen(t, status, weight, body);
  const failure = await runHealthCheck({ service: 'shop/web', family: 'IPv4', port, expect }, NODE);
  return failure?.seen;
}

const TWO = { listening: true, status: 200, localEndpoints: 2 } as const;

test('a right answer', async (t) => {
  t.is(await seen(t, {}, TWO), undefined);
  t.is(await seen(t, {}, { listening: true, status: 200 }), undefined);
});

test('another status or count', async (t) => {
  t.is(await seen(t, { status: 503 }, TWO), 'status 503, 2 local endpoints');
  t.is(await seen(t, { weight: '1', body: bodyOf('web', 1) }, TWO), 'status 200, 1 local endpoints');
  t.is(await seen(t, { status: 503 }, { listening: true, status: 200 }), 'status 503');
});

test('HC-04 another form', async (t) => {
  t.regex((await seen(t, { body: 'ok' }, TWO)) ?? '', /^a body that is no JSON: ok$/);
  t.regex((await seen(t, { body: '{}' }, TWO)) ?? '', /^another body/);
  t.is(await seen(t, { body: bodyOf('other', 2) }, TWO), 'the answer of shop/other');
  t.regex((await seen(t, { weight: '3' }, TWO)) ?? '', /^weight 3, but/);
});

test('somebody listens who should not, and nobody who should', async (t) => {
  t.is(await seen(t, {}, { listening: false }), 'status 200');
  const nobody: HealthCheck = { service: 'shop/web', family: 'IPv6', port: 1, expect: TWO };
  t.is((await runHealthCheck(nobody, NODE))?.seen, 'not listening');
  t.is(await runHealthCheck({ ...nobody, expect: { listening: false } }, NODE), undefined);
});
