import test, { type ExecutionContext } from 'ava';
import { Agent, clientsOf, tally } from '../../src/lab/agent-client.ts';
import { exec, privateNamespace } from '../helpers/netns.ts';

async function openAgent(t: ExecutionContext): Promise<Agent> {
  const agent = new Agent(await privateNamespace(t));
  t.teardown(() => agent.close());
  return agent;
}

test('thousands of connections take about a second, each from a port of its own', async (t) => {
  const agent = await openAgent(t);
  const addresses = ['127.0.0.1'];
  await agent.listen({ protocol: 'TCP', addresses, port: 80, name: 'web' });
  const start = performance.now();
  const results = await agent.probe({ address: '127.0.0.1', port: 80, count: 2000 });
  t.log(`2000 connections: ${Math.round(performance.now() - start)} ms`);
  t.deepEqual(tally(results), { web: 2000 });
  const ports = new Set(results.map((result) => ('error' in result ? 0 : result.port)));
  t.true(ports.size > 1900, `${ports.size} source ports`);
});

for (const protocol of ['TCP', 'UDP'] as const) {
  test(`nobody listens: ${protocol}`, async (t) => {
    const agent = await openAgent(t);
    for (const address of ['127.0.0.1', '::1']) {
      const results = await agent.probe({ protocol, address, port: 9, count: 3 });
      t.deepEqual(tally(results), { ECONNREFUSED: 3 });
    }
  });

  test(`nobody answers: ${protocol}`, async (t) => {
    const agent = await openAgent(t);
    const drop = 'table inet t { chain c { type filter hook input priority 0; th dport 80 drop; }; }';
    await exec(agent.namespace, '/usr/sbin/nft', drop);
    const results = await agent.probe({ protocol, address: '127.0.0.1', port: 80, count: 2, timeoutMs: 50 });
    t.deepEqual(tally(results), { ETIMEDOUT: 2 });
  });

  test(`the source address can be chosen: ${protocol}`, async (t) => {
    const agent = await openAgent(t);
    await agent.listen({ protocol, addresses: ['127.0.0.1'], port: 80, name: 'web' });
    const results = await agent.probe({ protocol, address: '127.0.0.1', port: 80, source: '127.0.0.77' });
    t.deepEqual(clientsOf(results), ['127.0.0.77']);
  });
}

test('servers can be closed', async (t) => {
  const agent = await openAgent(t);
  await agent.listen({ protocol: 'UDP', addresses: ['127.0.0.1'], port: 53, name: 'dns' });
  await agent.closeServers();
  t.deepEqual(tally(await agent.probe({ protocol: 'UDP', address: '127.0.0.1', port: 53 })), {
    ECONNREFUSED: 1,
  });
});

test('an address that is not there is an error that names the namespace', async (t) => {
  const agent = await openAgent(t);
  const listening = agent.listen({ protocol: 'TCP', addresses: ['192.0.2.1'], port: 80, name: 'web' });
  await t.throwsAsync(listening, { message: new RegExp(`${agent.namespace}: .*EADDRNOTAVAIL`) });
});

test('an agent in a namespace that is not there is an error', async (t) => {
  const agent = new Agent('np-test-absent');
  await t.throwsAsync(agent.closeServers(), { message: /np-test-absent/ });
});
