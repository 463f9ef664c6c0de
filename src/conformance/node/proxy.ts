import type { TrackedFlow } from '../../native/packet-probe.ts';
import type { Vector } from '../vectors/vector.ts';

/** The proxy of a node, at work in the network namespace that the process is in. */
export interface NodeProxy {
  /** Whether a connection may depend on earlier ones. */
  readonly hasAffinity: boolean;
  /** Makes every client a new one. */
  forgetAffinity(): Promise<void>;
  /**
   * Whether the sockets of the node's processes are connected to endpoints in the place of Services. What they send and
   * receive then has an endpoint's address wherever it can be seen.
   */
  readonly translatesAtSockets?: boolean;
  /** Whether the backend still remembers a connection, if it does so in a table of its own beside the kernel's. */
  isTracked?(flow: TrackedFlow): boolean;
  close(): Promise<void> | void;
}

/**
 * Programs the kernel as a vector says; returns when all is in force and leftovers of connections are gone. `tracked` are
 * connections that were there before: in the kernel's table they are already, a backend's own it must put them into.
 */
export type StartProxy = (vector: Vector, tracked: readonly TrackedFlow[]) => Promise<NodeProxy>;
