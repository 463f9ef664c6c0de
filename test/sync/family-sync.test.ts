import test from 'ava';
import fc from 'fast-check';
import type { Node, ObjectEvent } from '../../src/api/objects.ts';
import { readProxyConfig } from '../../src/config/read-proxy-config.ts';
import { satisfies } from '../../src/delta/programmed-table.ts';
import { cidrText } from '../../src/net/cidr.ts';
import { Pipeline } from '../../src/pipeline.ts';
import type { Clock } from '../../src/sync/clock.ts';
import type { SyncObserver } from '../../src/sync/family-sync.ts';
import { type Fault, FaultyBackend } from '../helpers/faulty-backend.ts';
import { put, service, slice } from '../helpers/objects.ts';
import { randomRounds } from '../helpers/random-cluster.ts';

/** A clock whose timers fire as soon as the event loop turns; it remembers the waits that were asked for. */
function hurriedClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => 0,
    after(milliseconds, callback) {
      waits.push(milliseconds);
      const handle = setImmediate(callback);
      return () => clearImmediate(handle);
    },
  };
}

/** A pipeline in front of a faulty backend. `config` are fields of its configuration. */
function rig(config: object = {}) {
  const backend = new FaultyBackend();
  const clock = hurriedClock();
  const log: string[] = [];
  const observer: SyncObserver = {
    synced: ({ delta }) => log.push(`synced ${delta.frontends.map((change) => change.key).join(' ')}`.trim()),
    refused: ({ entry }) => log.push(`refused ${entry}`),
    failed: ({ retryAfter }) => log.push(`failed, again in ${retryAfter}`),
  };
  const pipeline = new Pipeline({
    config: readProxyConfig(config, 'here'),
    backends: [backend],
    observer,
    clock,
  });
  return { backend, clock, log, pipeline };
}

const web = service('web', '10.96.0.1');
const api = service('api', '10.96.0.2');

function once(fault: Fault): () => Fault {
  let isSpent = false;
  return () => {
    if (isSpent) return 'none';
    isSpent = true;
    return fault;
  };
}

test('requests of one turn become one delta', async (t) => {
  const { log, pipeline } = rig();
  pipeline.apply([]);
  await pipeline.settled();
  pipeline.apply(put(web));
  pipeline.apply(put(api));
  await pipeline.settled();
  t.deepEqual(log, ['synced', 'synced 10.96.0.1:80/TCP 10.96.0.2:80/TCP']);
});

test('START-02 START-03 the first sync adopts what the kernel holds and writes the difference', async (t) => {
  const { backend, log, pipeline } = rig();
  pipeline.apply(put(web, api));
  await pipeline.settled();
  const second = new Pipeline({
    config: readProxyConfig({}, 'here'),
    backends: [backend],
    observer: {
      synced: ({ delta }) => log.push(`adopted, wrote ${delta.frontends.length}`),
      refused() {},
      failed() {},
    },
  });
  second.apply(put(web));
  await second.settled();
  t.is(log.at(-1), 'adopted, wrote 1');
});

test('while a delta is on its way the next one gathers', async (t) => {
  const { backend, pipeline } = rig();
  backend.isSlow = true;
  pipeline.apply([]);
  await pipeline.settled();
  pipeline.apply(put(web));
  await Promise.resolve();
  pipeline.apply(put(api));
  pipeline.apply(put(slice('api-1', 'api', ['10.244.0.1'])));
  await pipeline.settled();
  t.deepEqual(
    backend.applied.map((delta) => delta.frontends.length),
    [1, 1],
  );
});

test('a refused frontend is named, the others are served, and an event tries it again', async (t) => {
  const { backend, log, pipeline } = rig();
  const bad = '10.96.0.2:80/TCP';
  backend.nextFault = (delta) =>
    delta.frontends.some((change) => change.key === bad) ? { code: 'ENOSPC', entry: bad } : 'none';
  pipeline.apply(put(web, api));
  await pipeline.settled();
  t.deepEqual(log, [`refused ${bad}`, 'synced 10.96.0.1:80/TCP']);
  backend.nextFault = () => 'none';
  pipeline.apply(put(slice('api-1', 'api', ['10.244.0.1'])));
  await pipeline.settled();
  t.is(log.at(-1), `synced ${bad}`);
});

test('a refused change leaves what was programmed', async (t) => {
  const { backend, pipeline } = rig();
  pipeline.apply(put(web, slice('web-1', 'web', ['10.244.0.1'])));
  await pipeline.settled();
  backend.nextFault = (delta) =>
    delta.frontends.length > 0 ? { code: 'EINVAL', entry: '10.96.0.1:80/TCP' } : 'none';
  pipeline.apply(put(slice('web-1', 'web', ['10.244.0.1', '10.244.0.2'])));
  await pipeline.settled();
  const { table } = await backend.read();
  t.like(table.frontends.get('10.96.0.1:80/TCP')?.inside, { action: 'forward', count: 1 });
});

test('a refused slot set keeps the frontends that lead to it as they were, and their next state too', async (t) => {
  const { backend, log, pipeline } = rig();
  const refused = 'shop/web:http/TCP IPv4';
  const vip = { externalIPs: ['198.51.100.1'] };
  pipeline.apply(put(web, api, slice('web-1', 'web', ['10.244.0.1'])));
  await pipeline.settled();
  const before = (await backend.read()).table;
  backend.nextFault = ({ slotSets }) =>
    slotSets.some(({ key }) => key === refused) ? { code: 'EINVAL', entry: refused } : 'none';
  pipeline.apply(put(service('web', '10.96.0.1', vip), service('api', '10.96.0.2', vip)));
  pipeline.apply(
    put(slice('web-1', 'web', ['10.244.0.1', '10.244.0.2']), slice('api-1', 'api', ['10.244.0.3'])),
  );
  await pipeline.settled();
  const { table } = await backend.read();
  t.is(table.frontends.get('10.96.0.1:80/TCP'), before.frontends.get('10.96.0.1:80/TCP'));
  t.is(table.slotSets.get(refused), before.slotSets.get(refused));
  t.like(table.frontends.get('10.96.0.2:80/TCP')?.inside, { action: 'forward', count: 1 });
  t.deepEqual(log.slice(1), [`refused ${refused}`, 'synced 10.96.0.2:80/TCP 198.51.100.1:80/TCP']);
  backend.nextFault = () => 'none';
  pipeline.apply(put(slice('web-1', 'web', ['10.244.0.1', '10.244.0.2', '10.244.0.4'])));
  await pipeline.settled();
  const wanted = pipeline.wanted('IPv4');
  t.true(wanted !== undefined && satisfies((await backend.read()).table, wanted));
});

const nodeWith = (podCIDRs: readonly string[]): Node => ({
  kind: 'Node',
  name: 'here',
  labels: {},
  podCIDRs,
  addresses: ['192.0.2.1'],
});

function putNode(...podCIDRs: readonly string[]): ObjectEvent[] {
  return [{ type: 'put', object: nodeWith(podCIDRs) }];
}

/** Pod ranges of the settings that the backend was prepared for, one after the other. */
function preparedFor(backend: FaultyBackend): (string | undefined)[] {
  return backend.prepared.map(({ localPods }) =>
    localPods?.by === 'source' ? cidrText(localPods.cidr) : undefined,
  );
}

test('the backend is prepared for the settings of the first objects, once', async (t) => {
  const { backend, pipeline } = rig({ detectLocalMode: 'NodeCIDR' });
  pipeline.hostAddresses(['192.0.2.1']);
  pipeline.apply([...putNode('10.244.1.0/24'), ...put(web)]);
  await pipeline.settled();
  t.deepEqual(preparedFor(backend), ['10.244.1.0/24']);
  t.deepEqual(backend.prepared[0]?.nodePortAddresses, ['192.0.2.1']);
});

test('NODE-08 NPA-11 changed settings are brought to the backend at once; equal ones and those of others are not', async (t) => {
  const { backend, log, pipeline } = rig({ detectLocalMode: 'NodeCIDR' });
  pipeline.apply([...putNode('10.244.1.0/24'), ...put(web)]);
  await pipeline.settled();
  pipeline.apply(putNode('10.244.2.0/24'));
  await pipeline.settled();
  pipeline.apply(putNode('10.244.2.0/24', 'fd00:244::/64'));
  pipeline.hostAddresses(['198.51.100.1']);
  await pipeline.settled();
  t.deepEqual(preparedFor(backend), ['10.244.1.0/24', '10.244.2.0/24']);
  pipeline.hostAddresses(['192.0.2.1']);
  await pipeline.settled();
  t.deepEqual(backend.prepared.at(-1)?.nodePortAddresses, ['192.0.2.1']);
  t.is(backend.reads, 1);
  t.true(log.every((line) => line.startsWith('synced')));
});

test('SYNC-09 what was gone when the settings changed is written anew', async (t) => {
  const { backend, pipeline } = rig({ detectLocalMode: 'NodeCIDR' });
  pipeline.apply([...putNode('10.244.1.0/24'), ...put(web, slice('web-1', 'web', ['10.244.0.1']))]);
  await pipeline.settled();
  backend.isGone = true;
  pipeline.apply(putNode('10.244.2.0/24'));
  await pipeline.settled();
  t.is(backend.reads, 2);
  const wanted = pipeline.wanted('IPv4');
  t.true(wanted !== undefined && satisfies((await backend.read()).table, wanted));
});

test('of settings that change while the backend is prepared the last ones count', async (t) => {
  const { backend, pipeline } = rig({ detectLocalMode: 'NodeCIDR' });
  pipeline.apply(putNode('10.244.1.0/24'));
  await Promise.resolve();
  pipeline.apply(putNode('10.244.2.0/24'));
  pipeline.apply([...putNode('10.244.3.0/24'), ...put(web)]);
  await pipeline.settled();
  t.deepEqual(preparedFor(backend), ['10.244.1.0/24', '10.244.3.0/24']);
  t.is((await backend.read()).table.frontends.size, 1);
});

test('a backend that cannot be prepared is tried again, and nothing is written meanwhile', async (t) => {
  const { backend, clock, pipeline } = rig();
  pipeline.apply([]);
  await pipeline.settled();
  backend.prepareFails = true;
  const { length } = backend.applied;
  pipeline.hostAddresses(['192.0.2.1']);
  pipeline.apply([...putNode(), ...put(web)]);
  await new Promise((resolve) => setImmediate(resolve));
  t.is(backend.applied.length, length);
  backend.prepareFails = false;
  await pipeline.settled();
  t.true(clock.waits.length > 0);
  t.deepEqual(backend.prepared.at(-1)?.nodePortAddresses, ['192.0.2.1']);
  t.is((await backend.read()).table.frontends.size, 1);
});

test('SYNC-06 stale memory is read back, and the frontend blamed only if that does not help', async (t) => {
  const { backend, log, pipeline } = rig();
  pipeline.apply([]);
  await pipeline.settled();
  backend.nextFault = once({ code: 'EEXIST', entry: '10.96.0.1:80/TCP' });
  pipeline.apply(put(web));
  await pipeline.settled();
  t.deepEqual(log, ['synced', 'failed, again in 0', 'synced 10.96.0.1:80/TCP']);
  t.is(backend.reads, 2);
});

test('SYNC-06 a failure that names no frontend is retried with growing waits', async (t) => {
  const { backend, clock, pipeline } = rig();
  let failures = 0;
  backend.nextFault = () => (failures++ < 4 ? { code: 'ENOMEM' } : 'none');
  pipeline.apply(put(web));
  await pipeline.settled();
  t.deepEqual(clock.waits, [100, 200, 400, 800]);
});

test('a kernel that cannot be read is retried and nothing is written meanwhile', async (t) => {
  const { backend, log, pipeline } = rig();
  backend.readFails = true;
  pipeline.apply(put(web));
  await new Promise((resolve) => setImmediate(resolve));
  t.is(backend.applied.length, 0);
  backend.readFails = false;
  await pipeline.settled();
  t.is(log.at(-1), 'synced 10.96.0.1:80/TCP');
});

test('closing ends the waiting', async (t) => {
  const { backend, pipeline } = rig();
  backend.readFails = true;
  pipeline.apply(put(web));
  const settled = pipeline.settled();
  pipeline.close();
  await settled;
  t.pass();
});

const fault = fc.constantFrom<Fault>('none', 'none', { code: 'ENOMEM' });

test('property: whatever fails on the way, the kernel ends as wanted', async (t) => {
  const property = fc.asyncProperty(
    randomRounds(6),
    fc.array(fault, { maxLength: 12 }),
    fc.boolean(),
    async (rounds: ObjectEvent[][], faults, isSlow) => {
      const { backend, pipeline } = rig();
      backend.isSlow = isSlow;
      const queue = [...faults];
      backend.nextFault = () => queue.shift() ?? 'none';
      for (const round of rounds) {
        pipeline.apply(round);
        await Promise.resolve();
      }
      await pipeline.settled();
      const wanted = pipeline.wanted('IPv4');
      t.true(wanted !== undefined && satisfies((await backend.read()).table, wanted));
    },
  );
  await fc.assert(property, { numRuns: 500 });
});
