import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { type HealthCheckFailure, HealthChecks } from '../../src/healthcheck/health-checks.ts';
import { listenInNamespace } from '../../src/healthcheck/listen.ts';
import { ipBatch } from '../../src/lab/namespaces.ts';
import type { Family } from '../../src/net/address.ts';
import type { ServedPort } from '../../src/services/served-port.ts';
import { exec, privateNamespace } from '../helpers/netns.ts';
import { endpoint, TRAITS, udpPort } from '../helpers/served-ports.ts';

const PORT = 32320;

/** A port of a Service that is checked, with so many ready endpoints here. */
function checked(
  localEndpoints: number,
  fields: { service?: string; port?: number; family?: Family } = {},
): ServedPort {
  const { service = 'shop/portal', port = PORT, family = 'IPv4' } = fields;
  return udpPort({
    id: `${service}:http/TCP ${family}`,
    service,
    family,
    protocol: 'TCP',
    traits: { ...TRAITS, externalPolicy: 'Local', healthCheckNodePort: port },
    endpoints: Array.from({ length: localEndpoints }, (_, n) =>
      endpoint(family === 'IPv4' ? `10.244.0.${n}` : `fd00:244::${n}`, 8080, { nodeName: 'here' }),
    ),
  });
}

/** Health checks in a namespace of their own, on the node that is called here. */
class Node {
  readonly checks: HealthChecks;
  readonly failures: HealthCheckFailure[] = [];
  readonly namespace: string;
  isProxyHealthy = true;

  static async start(t: ExecutionContext, family: Family = 'IPv4'): Promise<Node> {
    const namespace = await privateNamespace(t);
    // An address for each family beside loopback, and a second one.
    const addresses = ['192.0.2.11/32', '192.0.2.12/32', '2001:db8::11/128', '2001:db8::12/128'];
    await ipBatch(
      addresses.map((address) => `addr add ${address} dev lo`),
      namespace,
    );
    return new Node(t, namespace, family);
  }

  private constructor(t: ExecutionContext, namespace: string, family: Family) {
    this.namespace = namespace;
    this.checks = new HealthChecks({
      family,
      nodeName: 'here',
      namespace,
      isProxyHealthy: () => this.isProxyHealthy,
      observer: { failed: (failure) => this.failures.push(failure) },
    });
    t.teardown(() => this.checks.close());
  }

  /** A sync that succeeded, after a change. */
  async sync(
    before: ServedPort | undefined,
    after: ServedPort | undefined,
    addresses: 'any' | readonly string[] = 'any',
  ) {
    if (before !== after) this.checks.touch({ before, after });
    this.checks.publish(addresses);
    await this.checks.settled();
  }

  /** What a load balancer gets from curl: the whole answer. */
  ask(address = '192.0.2.11', port = PORT, ...options: readonly string[]): Promise<string> {
    const host = address.includes(':') ? `[${address}]` : address;
    const curl = ['--silent', '--show-error', '--include', '--noproxy', '*', '--max-time', '20', ...options];
    return exec(this.namespace, 'curl', ...curl, `http://${host}:${port}/any/path`);
  }

  async statusOf(address?: string, port?: number): Promise<number> {
    return Number((await this.ask(address, port)).split(' ')[1]);
  }

  /** Asserts that nobody listens. */
  async refuses(t: ExecutionContext, address?: string, port?: number): Promise<void> {
    await t.throwsAsync(this.ask(address, port), { message: /curl: \(7\)/ });
  }
}

test('HC-01 one listener for each Service, any path, any method', async (t) => {
  const node = await Node.start(t);
  await node.sync(undefined, checked(1));
  await node.sync(undefined, checked(0, { service: 'shop/other', port: 32321 }));
  t.is(await node.statusOf(), 200);
  t.is(await node.statusOf('192.0.2.11', 32321), 503);
  t.regex(await node.ask('192.0.2.11', PORT, '--data', 'something'), /^HTTP\/1.1 200 OK\r\n/);
  t.regex(await node.ask('192.0.2.11', PORT, '--request', 'DELETE'), /^HTTP\/1.1 200 OK\r\n/);
  t.regex(await node.ask('192.0.2.11', PORT, '--head'), /^HTTP\/1.1 200 OK\r\n/);
});

test('HC-03 200 needs a local endpoint and a healthy proxy', async (t) => {
  const node = await Node.start(t);
  await node.sync(undefined, checked(0));
  t.is(await node.statusOf(), 503);
  await node.sync(checked(0), checked(2));
  t.is(await node.statusOf(), 200);
  node.isProxyHealthy = false;
  t.is(await node.statusOf(), 503);
  t.true((await node.ask()).endsWith('"localEndpoints": 2,\n\t"serviceProxyHealthy": false\n}'));
});

test('HC-04 headers and body', async (t) => {
  const node = await Node.start(t);
  await node.sync(undefined, checked(1));
  const [head = '', body] = (await node.ask()).split('\r\n\r\n');
  const headers = head.split('\r\n');
  t.true(headers.includes('Content-Type: application/json'));
  t.true(headers.includes('X-Content-Type-Options: nosniff'));
  t.true(headers.includes('X-Load-Balancing-Endpoint-Weight: 1'));
  t.is(
    body,
    '{\n\t"service": {\n\t\t"namespace": "shop",\n\t\t"name": "portal"\n\t},\n\t"localEndpoints": 1,\n\t"serviceProxyHealthy": true\n}',
  );
});

test('HC-05 unrestricted: every address of the family and no other', async (t) => {
  const node = await Node.start(t);
  await node.sync(undefined, checked(1));
  for (const address of ['127.0.0.1', '192.0.2.11', '192.0.2.12']) t.is(await node.statusOf(address), 200);
  await node.refuses(t, '2001:db8::11');
});

test('HC-05 unrestricted IPv6 leaves IPv4 alone', async (t) => {
  const node = await Node.start(t, 'IPv6');
  await node.sync(undefined, checked(1, { family: 'IPv6' }));
  for (const address of ['::1', '2001:db8::12']) t.is(await node.statusOf(address), 200);
  await node.refuses(t, '192.0.2.11');
});

test('HC-05 restricted: the accepted addresses and no other', async (t) => {
  const node = await Node.start(t, 'IPv6');
  await node.sync(undefined, checked(1, { family: 'IPv6' }), ['2001:db8::11', '192.0.2.11', 'fe80::1']);
  t.is(await node.statusOf('2001:db8::11'), 200);
  await node.refuses(t, '2001:db8::12');
  await node.refuses(t, '192.0.2.11');
  t.deepEqual(node.failures, [], 'link-local addresses are left out');
});

test('HC-05 addresses are followed', async (t) => {
  const node = await Node.start(t);
  await node.sync(undefined, checked(1), []);
  await node.refuses(t);
  await node.sync(undefined, undefined, ['192.0.2.11']);
  t.is(await node.statusOf(), 200);
  await node.sync(undefined, undefined, ['192.0.2.12']);
  t.is(await node.statusOf('192.0.2.12'), 200);
  await node.refuses(t);
  await node.sync(undefined, undefined, 'any');
  t.is(await node.statusOf(), 200);
});

test('HC-06 all addresses or none, tried again with the next sync', async (t) => {
  const node = await Node.start(t);
  const blocker = createServer();
  await listenInNamespace(node.namespace)(blocker, '192.0.2.12', PORT);

  await node.sync(undefined, checked(1), ['192.0.2.11', '192.0.2.12']);
  await node.refuses(t);
  const [failure] = node.failures;
  t.like(failure, { family: 'IPv4', service: 'shop/portal', port: PORT, address: '192.0.2.12' });
  t.like(failure?.error, { code: 'EADDRINUSE' });
  await node.sync(undefined, undefined, ['192.0.2.11', '192.0.2.12']);
  t.is(node.failures.length, 1, 'told once');

  blocker.close();
  await node.sync(undefined, undefined, ['192.0.2.11', '192.0.2.12']);
  t.is(await node.statusOf(), 200);
  t.is(await node.statusOf('192.0.2.12'), 200);
});

test('HC-06 a Service that cannot be served does not stop others', async (t) => {
  const node = await Node.start(t);
  const blocker = createServer();
  await listenInNamespace(node.namespace)(blocker, '0.0.0.0', PORT);
  t.teardown(() => blocker.close());
  node.checks.touch({ before: undefined, after: checked(1) });
  await node.sync(undefined, checked(1, { service: 'shop/other', port: 32321 }));
  t.is(await node.statusOf('192.0.2.11', 32321), 200);
  t.is(node.failures.length, 1);
});

test('HC-07 opened, recounted and closed with the syncs, not before', async (t) => {
  const node = await Node.start(t);
  node.checks.touch({ before: undefined, after: checked(1) });
  await node.refuses(t);
  await node.sync(undefined, undefined);
  t.is(await node.statusOf(), 200);
  node.checks.touch({ before: checked(1), after: checked(0) });
  t.is(await node.statusOf(), 200);
  await node.sync(undefined, undefined);
  t.is(await node.statusOf(), 503);
  await node.sync(checked(0), undefined);
  await node.refuses(t);
});

test('HC-07 a changed port closes the old listener', async (t) => {
  const node = await Node.start(t);
  await node.sync(undefined, checked(1));
  await node.sync(checked(1), checked(1, { port: 32321 }));
  t.is(await node.statusOf('192.0.2.11', 32321), 200);
  await node.refuses(t);
});

test('HC-07 Services that swap their ports in one sync', async (t) => {
  const node = await Node.start(t);
  const one = (port: number): ServedPort => checked(1, { service: 'shop/one', port });
  const two = (port: number): ServedPort => checked(2, { service: 'shop/two', port });
  node.checks.touch({ before: undefined, after: one(32321) });
  await node.sync(undefined, two(32322));
  node.checks.touch({ before: one(32321), after: one(32322) });
  await node.sync(two(32322), two(32321));
  t.deepEqual(node.failures, []);
  t.regex(await node.ask('192.0.2.11', 32322), /"name": "one"/);
  t.regex(await node.ask('192.0.2.11', 32321), /"name": "two"/);
});

/** In the process's own namespace, on loopback: where connections can be held open. */
async function onLoopback(t: ExecutionContext): Promise<{ checks: HealthChecks; port: number }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const checks = new HealthChecks({
    family: 'IPv4',
    nodeName: 'here',
    isProxyHealthy: () => true,
    observer: { failed: ({ error }) => t.fail(error.message) },
  });
  t.teardown(() => checks.close());
  checks.touch({ before: undefined, after: checked(1, { port }) });
  checks.publish(['127.0.0.1']);
  await checks.settled();
  return { checks, port };
}

test('HC-05 in the namespace of the process', async (t) => {
  const { port } = await onLoopback(t);
  t.is((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
});

test('HC-09 a Service that is gone answers no connection that is still open', async (t) => {
  const { checks, port } = await onLoopback(t);
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
  t.regex(String((await once(socket, 'data'))[0]), /^HTTP\/1.1 200 OK\r\n/);
  checks.touch({ before: checked(1, { port }), after: undefined });
  checks.publish(['127.0.0.1']);
  await once(socket, 'close');
  t.pass();
});

test('close closes all, and nothing opens after it', async (t) => {
  const { checks, port } = await onLoopback(t);
  await checks.close();
  await checks.close();
  checks.publish(['127.0.0.1', '127.0.0.2']);
  await checks.settled();
  await t.throwsAsync(fetch(`http://127.0.0.1:${port}/`));
});
