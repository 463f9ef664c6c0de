import { CONNTRACK_ROW } from '../native/addon.ts';
import { addressWords } from '../net/address.ts';
import type { ServedPort } from '../services/served-port.ts';
import type { Claims } from './claims.ts';
import type { Frontends } from './touched.ts';
import { servingEndpoints, type UdpFrontend } from './udp-frontend.ts';

const { ENDPOINT, FRONTEND, NODE_PORT, NODE_ADDRESS } = CONNTRACK_ROW;

/** The group of a frontend that nobody claims (CT-09): no endpoint is in it. */
const NOBODY = 0;

/**
 * The rules that say which connections to some frontends are right, as rows for the addon. A group is a service
 * port: its frontends share its endpoints.
 */
export function rulesFor(
  frontends: Frontends,
  claims: Claims,
  nodeAddresses: ReadonlySet<string>,
): Uint32Array {
  const words: number[] = [];
  const groups = new Map<string, number>();

  const groupOf = (port: ServedPort): number => {
    const known = groups.get(port.id);
    if (known !== undefined) return known;
    const group = groups.size + 1;
    groups.set(port.id, group);
    for (const endpoint of servingEndpoints(port)) {
      words.push(ENDPOINT, group, endpoint.port, ...wordsOf(endpoint.address));
    }
    return group;
  };

  for (const [key, frontend] of frontends) {
    const claimed = claims.claimantsOf(key).map(groupOf);
    for (const group of claimed.length === 0 ? [NOBODY] : claimed)
      words.push(...frontendRow(frontend, group));
  }
  for (const address of nodeAddresses) words.push(NODE_ADDRESS, ...wordsOf(address));
  return Uint32Array.from(words);
}

function frontendRow({ address, port }: UdpFrontend, group: number): readonly number[] {
  if (address === undefined) return [NODE_PORT, group, port];
  return [FRONTEND, group, port, ...wordsOf(address)];
}

function wordsOf(address: string): readonly number[] {
  return addressWords(address) ?? [];
}
