import type { PacketProbe, TrackedFlow } from '../../native/packet-probe.ts';
import { familyOf } from '../../net/address.ts';
import type { NodeProxy } from '../node/proxy.ts';
import { protocolNumber } from '../packets/packet.ts';
import type { ConntrackEntry } from '../vectors/vector.ts';
import type { Failure } from './check.ts';

/** Above the source ports of connections that are opened for flows. */
const FIRST_PORT = 61_000;

/**
 * The conntrack entries of a vector: put in before the proxy starts, looked for when it has cleaned up. Where a backend has a
 * table of connections of its own, it is that which counts: the kernel's knows nothing of its translations.
 */
export class ConntrackEntries {
  readonly #probe: PacketProbe;
  readonly #flows: ReadonlyMap<ConntrackEntry, TrackedFlow>;

  constructor(probe: PacketProbe, entries: readonly ConntrackEntry[]) {
    this.#probe = probe;
    this.#flows = new Map(entries.map((entry, index) => [entry, flowOf(entry, FIRST_PORT + index)]));
    for (const flow of this.#flows.values()) probe.track(flow);
  }

  get flows(): readonly TrackedFlow[] {
    return [...this.#flows.values()];
  }

  judge(entry: ConntrackEntry, proxy: NodeProxy): Failure | undefined {
    const flow = this.#flows.get(entry);
    if (flow === undefined || entry.expect === 'either') return undefined;
    const isKept = proxy.isTracked?.(flow) ?? this.#probe.isTracked(flow);
    const seen = isKept ? 'keep' : 'delete';
    return seen === entry.expect ? undefined : { expected: FATES[entry.expect], seen: FATES[seen] };
  }
}

const FATES = { keep: 'the entry is kept', delete: 'the entry is deleted' } as const;

function flowOf(entry: ConntrackEntry, sourcePort: number): TrackedFlow {
  return {
    protocol: protocolNumber(familyOf(entry.origSrc), entry.protocol),
    source: entry.origSrc,
    sourcePort,
    destination: entry.origDst,
    destinationPort: entry.origDstPort,
    endpoint: entry.replySrc,
    endpointPort: entry.replySrcPort,
  };
}
