import test from 'ava';
import { MemoryBackend } from '../src/backends/memory/memory-backend.ts';
import { readProxyConfig } from '../src/config/read-proxy-config.ts';
import { Pipeline } from '../src/pipeline.ts';
import { put, service } from './helpers/objects.ts';

function rig() {
  const warnings: string[] = [];
  const pipeline = new Pipeline({
    config: readProxyConfig({}, 'here'),
    backends: [new MemoryBackend('IPv4')],
    observer: { synced() {}, refused() {}, failed() {} },
    onNodePortWarning: (warning) => warnings.push(warning),
  });
  return { pipeline, warnings };
}

test('NPA-07 a node whose addresses nobody knows serves no node ports, and says so once', async (t) => {
  const { pipeline, warnings } = rig();
  pipeline.hostAddresses(['127.0.0.1', '192.0.2.1']);
  t.deepEqual(warnings, [], 'nothing is known before the first complete list');
  pipeline.apply(put(service('web', '10.96.0.1')));
  pipeline.hostAddresses(['127.0.0.1', '192.0.2.1', '192.0.2.2']);
  await pipeline.settled();
  t.is(warnings.length, 1);
  t.regex(warnings[0] ?? '', /No node ports are served on IPv4/);
  t.deepEqual(pipeline.settings('IPv4').nodePortAddresses, []);
});

test('NODE-09 NPA-02 an address that the Node object gets serves node ports at once', async (t) => {
  const { pipeline, warnings } = rig();
  pipeline.hostAddresses(['192.0.2.1']);
  pipeline.apply([]);
  const node = { kind: 'Node', name: 'here', labels: {}, podCIDRs: [], addresses: ['192.0.2.1'] } as const;
  pipeline.apply([{ type: 'put', object: node }]);
  await pipeline.settled();
  t.is(warnings.length, 1);
  t.deepEqual(pipeline.settings('IPv4').nodePortAddresses, ['192.0.2.1']);
});
