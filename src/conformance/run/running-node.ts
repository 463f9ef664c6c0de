import type { Exchange } from '../probe/exchange.ts';

/** The node of a vector, its kernel programmed. */
export interface RunningNode {
  readonly exchange: Exchange;
  /** Whether a connection may depend on earlier ones. */
  readonly hasAffinity: boolean;
  /** Makes every client a new one. */
  forgetAffinity(): Promise<void>;
}
