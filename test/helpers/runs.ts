import type { ExecutionContext } from 'ava';
import type { ObjectEvent } from '../../src/api/objects.ts';
import type { Backend } from '../../src/backends/backend.ts';
import { readProxyConfig } from '../../src/config/read-proxy-config.ts';
import type { Delta } from '../../src/delta/delta.ts';
import type { ForwardingTable } from '../../src/forwarding/forwarding-table.ts';
import type { Family } from '../../src/net/address.ts';
import { Pipeline } from '../../src/pipeline.ts';
import { put, service, slice } from './objects.ts';

/** A run of the program, as far as one family is concerned. */
export interface Run {
  readonly deltas: readonly Delta[];
  readonly wanted: ForwardingTable;
  apply(events: readonly ObjectEvent[]): Promise<void>;
  close(): void;
}

/** Starts it over a backend, which is closed with it; `events` are the complete initial state. */
export async function startRun(
  t: ExecutionContext,
  backend: Backend,
  events: readonly ObjectEvent[],
): Promise<Run> {
  const deltas: Delta[] = [];
  const fail = ({ error }: { error: unknown }): void => {
    throw error;
  };
  const { family } = backend;
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
export function everyKind(family: Family): ObjectEvent[] {
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
