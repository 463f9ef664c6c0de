/**
 * Session affinity: `affinity-bindings` remembers which endpoint a client used last on a service port.
 *
 * nftables wants the timeout in the rule; so each timeout that a Service asks for gets a few chains when it is first
 * seen, and `affinity-timeouts` leads to them. The binding holds the number of the endpoint, not its address: when an
 * endpoint leaves, its number is deleted from `affinity-endpoints`, and all bindings to it are void at once (AFF-04).
 */
import type { Family } from '../../net/address.ts';
import {
  type Chain,
  chainText,
  type FamilyWords,
  frontendOf,
  hex,
  lookUp,
  NODE_PORT,
  PROTOCOLS_KNOWN,
  tableName,
  WORDS,
} from './family-words.ts';
import { MASK, timeoutWord } from './words.ts';

export const TIMEOUTS_MAP = 'affinity-timeouts';

type List = 'cluster' | 'local';

/** An affinity timeout that the table has chains for. */
export interface Timeout {
  readonly index: number;
  readonly seconds: number;
}

const LISTS: readonly List[] = ['cluster', 'local'];

/** Chains and elements for a timeout, as text for nft. */
export function timeoutText(family: Family, timeout: Timeout): string {
  const elements = LISTS.map(
    (list) => `${hex(timeoutWord(timeout.index, list))} : goto ${chainName(timeout, list)}`,
  );
  return [
    `table ${tableName(family)} {`,
    ...chainsOf(family, timeout).map(chainText),
    '}',
    `add element ${tableName(family)} ${TIMEOUTS_MAP} { ${elements.join(', ')} }\n`,
  ].join('\n');
}

/** Two transactions that take a timeout away that nobody uses: the kernel lets a chain go once no element leads to it. */
export function timeoutRemovalTexts(family: Family, timeout: Timeout): [elements: string, chains: string] {
  const table = tableName(family);
  const words = LISTS.map((list) => hex(timeoutWord(timeout.index, list)));
  const names = chainsOf(family, timeout)
    .map(({ name }) => name)
    .toReversed();
  const lines = ['flush', 'delete'].flatMap((verb) =>
    names.map((name) => `${verb} chain ${table} ${name}\n`),
  );
  return [`delete element ${table} ${TIMEOUTS_MAP} { ${words.join(', ')} }\n`, lines.join('')];
}

/** From the last to the first: a chain must be there before a rule goes to it. */
function chainsOf(family: Family, timeout: Timeout): Chain[] {
  return LISTS.flatMap((list) => timeoutChains(WORDS[family], timeout, list)).toReversed();
}

/** The timeouts that a listing of `affinity-timeouts` tells of. */
export function readTimeouts(listing: string): Timeout[] {
  return [...listing.matchAll(/goto affinity-(\d+)-(\d+)s-cluster\b/g)].map((match) => ({
    index: Number(match[1]),
    seconds: Number(match[2]),
  }));
}

function chainName({ index, seconds }: Timeout, list: List): string {
  return `affinity-${index}-${seconds}s-${list}`;
}

function timeoutChains(words: FamilyWords, timeout: Timeout, list: List): Chain[] {
  const name = chainName(timeout, list);
  const client = `${clientOf(words)} . meta priority`;
  const binding = `${client} & ${hex(MASK.group)}`;
  const bind = `update @affinity-bindings { ${binding} timeout ${timeout.seconds}s : meta priority }`;
  return [
    {
      name,
      comment: `clients keep their endpoint for ${timeout.seconds} s`,
      rules: [
        `meta priority set meta priority & ${hex(MASK.group)}`,
        lookUp(client, 'affinity-bindings', `goto ${name}-bound`),
        `goto ${name}-new`,
      ],
    },
    {
      name: `${name}-bound`,
      comment: 'a client that has an endpoint; it may be gone',
      // An update keeps the number that is bound (and starts its time anew), hence the deletion before the next.
      rules: [
        bind,
        `jump ${translateChain(list)}`,
        `delete @affinity-bindings { ${binding} : meta priority }`,
        `goto ${name}-new`,
      ],
    },
    {
      name: `${name}-new`,
      comment: 'a client that gets an endpoint',
      rules: [
        `jump affinity-reload-${list}`,
        // The frontend may have lost its affinity, or its endpoints here, since the packet was sent here: refused later on.
        `meta priority & ${hex(MASK.affinity)} != ${hex(MASK.affinity)} return`,
        'jump affinity-pick',
        `meta priority & ${hex(MASK.where)} != 0 return`,
        bind,
        `goto ${translateChain(list)}`,
      ],
    },
  ];
}

/**
 * How bindings name a client. nft 1.0.6 aborts at, or makes wrong code of, a rule that puts a key of more than 16 bytes into
 * a map; so an IPv6 client is two hashes of its address. Clients with both in common (one pair in 2^64) share a binding.
 */
function clientOf({ ip }: FamilyWords): string {
  if (ip === 'ip') return 'ip saddr';
  return [1, 2].map((seed) => `jhash ip6 saddr mod ${0xffff_ffff} seed ${hex(seed)}`).join(' . ');
}

/** `nft monitor` 1.0.6 crashes at a map with the type of a hash; a random number is as wide. */
function clientTypeOf({ ip }: FamilyWords): string {
  return ip === 'ip' ? 'ip saddr' : 'numgen random mod 65536 . numgen random mod 65536';
}

function translateChain(list: List): string {
  return `affinity-translate-${list}`;
}

/**
 * What the chains of all timeouts share. nft 1.0.6 cannot load a rule over a map with ports that is in the kernel
 * already, so such rules come with the layout.
 */
export function sharedAffinityChains(words: FamilyWords): Chain[] {
  const translate = `${PROTOCOLS_KNOWN} dnat ${words.ip} to meta priority map`;
  const comment = 'to the endpoint of a number; back if it is gone';
  return [
    ...reloadChains(words),
    { name: translateChain('cluster'), comment, rules: [`${translate} @affinity-endpoints`] },
    { name: translateChain('local'), comment, rules: [`${translate} @affinity-endpoints-local`] },
  ];
}

/** The word of the frontend once more, after the register served for something else. */
function reloadChains(words: FamilyWords): Chain[] {
  const key = frontendOf(words);
  const comment = 'looks the frontend up again';
  return [
    {
      name: 'affinity-reload-cluster',
      comment,
      rules: [lookUp(key, 'frontends', 'return'), lookUp(NODE_PORT, 'node-ports', 'return')],
    },
    {
      name: 'affinity-reload-local',
      comment,
      // A ClusterIP with internal policy Local is in `frontends` alone.
      rules: [
        lookUp(key, 'outside', 'return'),
        lookUp(key, 'frontends', 'return'),
        lookUp(NODE_PORT, 'outside-node-ports', 'return'),
      ],
    },
  ];
}

/** Sets that only packets write, and the map that leads to the chains of a timeout. */
export function affinitySets(words: FamilyWords): string[] {
  return [
    [
      '  map affinity-bindings {',
      `    typeof ${clientTypeOf(words)} . meta priority : meta priority`,
      `    size ${MAX_BINDINGS}`,
      '    flags dynamic,timeout',
      '    comment "client . group : number of the endpoint that it used last"',
      '  }',
    ].join('\n'),
    `  map ${TIMEOUTS_MAP} {\n    typeof meta priority : verdict\n    comment "timeout : its chain"\n  }`,
  ];
}

/** Clients times service ports. Beyond, clients are not bound until bindings run out (AFF-06). */
const MAX_BINDINGS = 1_048_576;
