import type { NodeProxy } from '../node/proxy.ts';
import type { Exchange } from '../probe/exchange.ts';

/** The node of a vector with its proxy at work. */
export interface RunningNode {
  readonly exchange: Exchange;
  readonly proxy: NodeProxy;
}
