import type { Vector } from '../vectors/vector.ts';

/** The proxy of a node, at work in the network namespace that the process is in. */
export interface NodeProxy {
  /** Whether a connection may depend on earlier ones. */
  readonly hasAffinity: boolean;
  /** Makes every client a new one. */
  forgetAffinity(): Promise<void>;
  close(): Promise<void> | void;
}

/** Programs the kernel as a vector says; returns when all is in force and leftovers of conntrack are gone. */
export type StartProxy = (vector: Vector) => Promise<NodeProxy>;
