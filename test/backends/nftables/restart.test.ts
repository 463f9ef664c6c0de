import test, { type ExecutionContext } from 'ava';
import type { ObjectEvent } from '../../../src/api/objects.ts';
import { NftablesBackend } from '../../../src/backends/nftables/nftables-backend.ts';
import { isEmpty } from '../../../src/delta/delta.ts';
import { FAMILIES, type Family } from '../../../src/net/address.ts';
import { privateNamespace } from '../../helpers/netns.ts';
import { expectedElements, judgedElements, nft } from '../../helpers/nft-judge.ts';
import { put, service, slice } from '../../helpers/objects.ts';
import { everyKind, type Run, startRun } from '../../helpers/runs.ts';

function start(
  t: ExecutionContext,
  namespace: string,
  family: Family,
  events: readonly ObjectEvent[],
): Promise<Run> {
  return startRun(t, new NftablesBackend({ family, namespace }), events);
}

for (const family of FAMILIES) {
  test(`START-03 ${family}: a restart writes nothing, whatever is programmed`, async (t) => {
    const namespace = await privateNamespace(t);
    const events = everyKind(family);
    const first = await start(t, namespace, family, events);
    t.deepEqual(await judgedElements(namespace, family), expectedElements(first.wanted));
    first.close();
    const before = await nft(namespace, 'list', 'ruleset');
    const second = await start(t, namespace, family, events);
    t.deepEqual(second.deltas.map(isEmpty), [true]);
    t.is(await nft(namespace, 'list', 'ruleset'), before);
  });

  test(`START-03 AFF-07 ${family}: bindings outlive a restart, and new timeouts come beside the old ones`, async (t) => {
    const namespace = await privateNamespace(t);
    const events = everyKind(family);
    (await start(t, namespace, family, events)).close();
    // IPv6 clients are bound by two hashes of their address.
    const [ip, client] = family === 'IPv4' ? ['ip', '192.0.2.77'] : ['ip6', '1234 . 5678'];
    await nft(
      namespace,
      `add element ${ip} nodeplane affinity-bindings { ${client} . 0x4000 timeout 1h : 0x4001 }`,
    );
    const second = await start(t, namespace, family, events);
    await second.apply(
      put(
        service('late', family === 'IPv4' ? '10.96.0.99' : 'fd00:96::99', {
          sessionAffinity: 'ClientIP',
          affinityTimeoutSeconds: 7,
        }),
        slice('late-1', 'late', [family === 'IPv4' ? '10.244.9.1' : 'fd00:244:9::1'], {
          addressType: family,
        }),
      ),
    );
    t.deepEqual(await judgedElements(namespace, family), expectedElements(second.wanted));
    const bindings = await nft(namespace, 'list', 'map', ip, 'nodeplane', 'affinity-bindings');
    t.regex(bindings, new RegExp(`${client} \\. 0:4000 timeout 1h .*: 0:4001`));
  });
}

test('AFF-07 a Service that changes its timeout gets the new one', async (t) => {
  const namespace = await privateNamespace(t);
  const withTimeout = (affinityTimeoutSeconds: number): ObjectEvent[] =>
    put(service('web', '10.96.0.1', { sessionAffinity: 'ClientIP', affinityTimeoutSeconds }));
  const run = await start(t, namespace, 'IPv4', [
    ...withTimeout(60),
    ...put(slice('web-1', 'web', ['10.244.0.1', '10.244.0.2'])),
  ]);
  for (const seconds of [90, 60, 5400]) {
    await run.apply(withTimeout(seconds));
    const { frontends } = await judgedElements(namespace, 'IPv4');
    t.deepEqual(frontends, [`10.96.0.1 tcp 80 -> 10.244.0.1:8080 10.244.0.2:8080 for ${seconds} s`]);
  }
});
