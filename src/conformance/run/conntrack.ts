import type { PacketProbe, TrackedFlow } from '../../native/packet-probe.ts';
import { familyOf } from '../../net/address.ts';
import { protocolNumber } from '../packets/packet.ts';
import type { ConntrackEntry } from '../vectors/vector.ts';
import type { Failure } from './check.ts';

/** Above the source ports of connections that are opened for flows. */
const FIRST_PORT = 61_000;

/** The conntrack entries of a vector: put in before the proxy starts, looked for when it has cleaned up. */
export class ConntrackEntries {
  readonly #probe: PacketProbe;
  readonly #flows: ReadonlyMap<ConntrackEntry, TrackedFlow>;

  constructor(probe: PacketProbe, entries: readonly ConntrackEntry[]) {
    this.#probe = probe;
    this.#flows = new Map(entries.map((entry, index) => [entry, flowOf(entry, FIRST_PORT + index)]));
    for (const flow of this.#flows.values()) probe.track(flow);
  }

  judge(entry: ConntrackEntry): Failure | undefined {
    const flow = this.#flows.get(entry);
    if (flow === undefined || entry.expect === 'either') return undefined;
    const seen = this.#probe.isTracked(flow) ? 'keep' : 'delete';
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
