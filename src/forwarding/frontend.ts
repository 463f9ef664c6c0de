import type { Protocol } from '../api/objects.ts';
import { withPort } from '../net/address.ts';

/** What happens to a new packet that is addressed to a frontend. */
export type Action = 'forward' | 'reject';

/** An address that clients send to, as the forwarding table wants it. Plain data; equal input gives equal data. */
export interface Frontend {
  /** `10.96.0.10:80/TCP`, see {@link frontendKey}. */
  readonly key: string;
  readonly address: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly action: Action;
  /** Endpoints in use, as `address:port`; a set, its order means nothing. Empty exactly if the action is not `forward`. */
  readonly endpoints: readonly string[];
}

/** The identity of a frontend (VIP-07) as it is printed in logs and errors. */
export function frontendKey(address: string, protocol: Protocol, port: number): string {
  return `${withPort(address, port)}/${protocol}`;
}
