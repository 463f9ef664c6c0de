import test, { type ExecutionContext } from 'ava';
import type { ObjectEvent } from '../../../src/api/objects.ts';
import { NftablesBackend } from '../../../src/backends/nftables/nftables-backend.ts';
import { readProxyConfig } from '../../../src/config/read-proxy-config.ts';
import { type Delta, isEmpty } from '../../../src/delta/delta.ts';
import type { ForwardingTable } from '../../../src/forwarding/forwarding-table.ts';
import { FAMILIES, type Family } from '../../../src/net/address.ts';
import { Pipeline } from '../../../src/pipeline.ts';
import { privateNamespace } from '../../helpers/netns.ts';
import { expectedElements, judgedElements, nft } from '../../helpers/nft-judge.ts';
import { put, service, slice } from '../../helpers/objects.ts';

/** A run of the program, as far as one family is concerned. */
interface Run {
  readonly deltas: readonly Delta[];
  readonly wanted: ForwardingTable;
  apply(events: readonly ObjectEvent[]): Promise<void>;
  close(): void;
}

async function start(
  t: ExecutionContext,
  namespace: string,
  family: Family,
  events: readonly ObjectEvent[],
): Promise<Run> {
  const deltas: Delta[] = [];
  const fail = ({ error }: { error: unknown }): void => {
    throw error;
  };
  const backend = new NftablesBackend({ family, namespace });
  const pipeline = new Pipeline({
    config: readProxyConfig({}, 'here'),
    backends: [backend],
    observer: { synced: ({ delta }) => deltas.push(delta), refused: fail, failed: fail },
  });
  const wanted = pipeline.wanted(family);
  if (wanted === undefined) throw new Error(`${family} is served`);
  const close = (): void => {
    pipeline.close();
    backend.close();
  };
  t.teardown(close);
  const apply = async (round: readonly ObjectEvent[]): Promise<void> => {
    pipeline.apply(round);
    await pipeline.settled();
  };
  await apply(events);
  return { deltas, wanted, apply, close };
}

/** Services with every kind of entry: several timeouts, both lists, source ranges, node ports, none of their endpoints here. */
function everyKind(family: Family): ObjectEvent[] {
  const isV6 = family === 'IPv6';
  const address = (kind: 'cluster' | 'external' | 'load-balancer', n: number): string => {
    const prefix = {
      cluster: ['10.96.0.', 'fd00:96::'],
      external: ['198.51.100.', 'fd00:51::'],
      'load-balancer': ['203.0.113.', 'fd00:113::'],
    };
    return `${prefix[kind][isV6 ? 1 : 0]}${n}`;
  };
  const ranges = isV6 ? ['fd00:1::/64', 'fd00:2::/64'] : ['10.1.0.0/16', '10.2.0.0/16'];
  const timeouts = [60, 90, 10_800, 86_400];
  const services = timeouts.flatMap((affinityTimeoutSeconds, index) =>
    (['None', 'ClientIP'] as const).map((sessionAffinity, second) => {
      const n = 2 * index + second + 1;
      return service(`s${n}`, address('cluster', n), {
        type: 'LoadBalancer',
        sessionAffinity,
        affinityTimeoutSeconds,
        internalTrafficPolicy: index % 2 === 0 ? 'Cluster' : 'Local',
        externalTrafficPolicy: index < 2 ? 'Cluster' : 'Local',
        externalIPs: [address('external', n)],
        loadBalancerIPs: [address('load-balancer', n)],
        loadBalancerSourceRanges: n % 3 === 0 ? [] : ranges.slice(0, n % 3),
        ports: [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30_000 + n }],
      });
    }),
  );
  const endpoints = (n: number) =>
    Array.from({ length: n }, (_, index) => ({
      addresses: [isV6 ? `fd00:244::${index + 1}` : `10.244.0.${index + 1}`],
      nodeName: n % 4 === 0 ? 'there' : 'here',
    }));
  return services.flatMap((each, index) =>
    put(each, slice(`${each.name}-1`, each.name, endpoints(index), { addressType: family })),
  );
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
