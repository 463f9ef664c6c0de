import type { Protocol } from '../api/objects.ts';
import { familyOf } from '../net/address.ts';
import { joined } from '../net/joined.ts';

/** What happens to a new packet that is addressed to a frontend. */
export type Target =
  /** To one of the endpoints of a slot set, named by its key. */
  | { readonly action: 'forward'; readonly slotSet: string }
  /** Refused as if nobody listened there (NEP-06). */
  | { readonly action: 'reject' }
  /** Not answered (NEP-04, NEP-05). */
  | { readonly action: 'drop' };

export const REJECT: Target = { action: 'reject' };
export const DROP: Target = { action: 'drop' };

/** An address that clients send to, as the forwarding table wants it. Plain data; equal input gives equal data. */
export interface Frontend {
  /** `10.96.0.10:80/TCP`, see {@link frontendKey}. */
  readonly key: string;
  /** Undefined is a node port: any address on which this node accepts node ports. */
  readonly address: string | undefined;
  readonly protocol: Protocol;
  readonly port: number;
  /** For pods and processes of this node, and for everybody where `outside` is undefined. */
  readonly inside: Target;
  /** For everybody else, where external traffic policy Local tells them apart (ETP-01 to ETP-03). */
  readonly outside: Target | undefined;
  /** Key of the list of those who may use it; undefined is everybody (LB-01). */
  readonly sourceList: string | undefined;
}

/** The endpoints that new connections are spread over, each equally likely (SEL-10). */
export interface SlotSet {
  /** The service port that it belongs to, and which of its lists it is. */
  readonly key: string;
  /** As `address:port`; a set, not empty, its order means nothing. */
  readonly endpoints: readonly string[];
  /** How long a client keeps its endpoint (AFF-05), in seconds; undefined is no affinity. */
  readonly affinitySeconds: number | undefined;
}

/** Those who may use a frontend. */
export interface SourceList {
  readonly key: string;
  /** Ranges as text, none inside another. */
  readonly ranges: readonly string[];
}

/** The identity of a frontend (VIP-07) as it is printed in logs and errors; a node port is `node:30080/TCP`. */
export function frontendKey(address: string | undefined, protocol: Protocol, port: number): string {
  if (address === undefined) return joined('node:', port, '/', protocol);
  if (familyOf(address) === 'IPv6') return joined('[', address, ']:', port, '/', protocol);
  return joined(address, ':', port, '/', protocol);
}

/** The two lists that a service port may have (section 3 of the spec): for everybody, and of this node alone. */
export type ListName = 'cluster' | 'local';

const LOCAL_SUFFIX = ' local';

export function slotSetKey(portId: string, list: ListName): string {
  return list === 'cluster' ? portId : portId + LOCAL_SUFFIX;
}

export function listOf(slotSetKey: string): ListName {
  return slotSetKey.endsWith(LOCAL_SUFFIX) ? 'local' : 'cluster';
}

/** The service port that a slot set belongs to. */
export function portIdOf(slotSetKey: string): string {
  return listOf(slotSetKey) === 'local' ? slotSetKey.slice(0, -LOCAL_SUFFIX.length) : slotSetKey;
}

/** The key of the other list of the same service port: both share their clients' bindings (AFF-02). */
export function siblingKey(key: string): string {
  return slotSetKey(portIdOf(key), listOf(key) === 'local' ? 'cluster' : 'local');
}
