/** What health checks and conntrack cleanup are told of the node's addresses. */
import test, { type ExecutionContext } from 'ava';
import { MemoryBackend } from '../../src/backends/memory/memory-backend.ts';
import { readProxyConfig } from '../../src/config/read-proxy-config.ts';
import { Pipeline } from '../../src/pipeline.ts';
import { objectsOf } from '../reference/programmed.ts';
import type { SituationConfig } from '../reference/situation.ts';
import { situationOf } from './story.ts';

const LOOPBACK = '127.0.0.1';

/** The addresses that a follower is told last. */
async function tells(
  t: ExecutionContext,
  config: SituationConfig,
  hostAddresses: readonly string[],
  expected: 'any' | readonly string[],
): Promise<void> {
  const situation = situationOf({ config });
  let told: 'any' | readonly string[] | undefined;
  const pipeline = new Pipeline({
    config: readProxyConfig(config, situation.node.name),
    backends: [new MemoryBackend('IPv4')],
    observer: { synced() {}, refused: (it) => t.fail(`${it.error}`), failed: (it) => t.fail(`${it.error}`) },
    followers: [
      {
        family: 'IPv4',
        touch() {},
        acceptNodePortsOn(accepted) {
          told = accepted;
        },
        afterSync() {},
      },
    ],
  });
  pipeline.apply(objectsOf(situation).map((object) => ({ type: 'put', object })));
  pipeline.hostAddresses([...situation.node.ips, LOOPBACK]);
  pipeline.hostAddresses(hostAddresses);
  await pipeline.settled();
  pipeline.close();
  t.deepEqual(told, expected);
}

const BOTH = ['192.0.2.11', '192.0.2.211', LOOPBACK] as const;

test('NPA-10 the primary address', tells, {}, BOTH, ['192.0.2.11']);
test('NPA-10 those in the ranges', tells, { nodePortAddresses: ['192.0.2.0/24'] }, BOTH, [
  '192.0.2.11',
  '192.0.2.211',
]);
test('NPA-10 all', tells, { nodePortAddresses: ['0.0.0.0/0'] }, BOTH, 'any');
test(
  'NPA-11 an address that comes later',
  tells,
  { nodePortAddresses: ['192.0.2.0/24'] },
  [...BOTH, '192.0.2.77'],
  ['192.0.2.11', '192.0.2.211', '192.0.2.77'],
);
test('NPA-11 an address that goes', tells, {}, [LOOPBACK], []);
