import type { PacketProbe, TrackedFlow } from '../../native/packet-probe.ts';
import { familyOf } from '../../net/address.ts';
import type { NodeProxy } from '../node/proxy.ts';
import { protocolNumber } from '../packets/packet.ts';
import type { ConntrackEntry } from '../vectors/vector.ts';
import type { Failure } from './check.ts';

/** Above the source ports of connections that are opened for flows. */
const FIRST_PORT = 61_000;

/**
 * The conntrack entries of a vector: put in before the proxy starts, looked for when it has cleaned up, in the kernel's
 * table and in the backend's own if it has one.
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
    const fates = [this.#probe.isTracked(flow), ...(proxy.isTracked ? [proxy.isTracked(flow)] : [])];
    const wrong = fates.map((isKept) => (isKept ? 'keep' : 'delete')).find((fate) => fate !== entry.expect);
    return wrong && { expected: FATES[entry.expect], seen: FATES[wrong] };
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
