import { createHash } from 'node:crypto';
import type { Cidr, Family } from '../../net/address.ts';
import { CLASS_COUNT, classSetName, classSize, TABLE } from './layout.ts';

/**
 * The fixed part of nodeplane's table of one family, as text for nftables. To be loaded where there is no such
 * table: sets, chains, rules, and a chain without rules whose name tells which layout this is.
 */
export function layoutText(family: Family): string {
  const body = bodyText(WORDS[family]);
  return `table ${tableName(family)} {\n${body}\n  chain ${layoutChain(family)} {\n    comment "${LAYOUT_COMMENT}"\n  }\n}\n`;
}

/** Name of the chain that only a table with exactly this layout has. */
export function layoutChain(family: Family): string {
  return `layout-${createHash('sha256').update(bodyText(WORDS[family])).digest('hex').slice(0, 12)}`;
}

const LAYOUT_COMMENT = 'no rules: the name tells the version of this table';

/** How nft names the table. */
export function tableName(family: Family): string {
  return `${WORDS[family].table} ${TABLE}`;
}

/**
 * Text that sets which sources are pods: traffic from elsewhere to a cluster IP is masqueraded (MASQ-02). Without
 * any range of the family there is no telling, and nothing but hairpin is masqueraded (MASQ-04).
 */
export function podRangesText(family: Family, podCIDRs: readonly Cidr[]): string {
  const set = `${tableName(family)} pod-cidrs`;
  return `flush set ${set}\nadd element ${set} { ${podRanges(family, podCIDRs).join(', ')} }\n`;
}

function bodyText(words: FamilyWords): string {
  return [
    '  comment "nodeplane service proxy: the rules are fixed, only elements of sets change"',
    ...declareSets(words),
    ...chains(words).map((chain) => `  chain ${chain.name} {\n    ${chainLines(chain).join('\n    ')}\n  }`),
  ].join('\n');
}

function chainLines({ comment, hook, rules }: Chain): string[] {
  return [`comment "${comment}"`, ...(hook === undefined ? [] : [`type ${hook}; policy accept;`]), ...rules];
}

/** The words in which the families differ. */
interface FamilyWords {
  readonly table: 'ip' | 'ip6';
  readonly addressType: 'ipv4_addr' | 'ipv6_addr';
  readonly portUnreachable: string;
}

const WORDS: Record<Family, FamilyWords> = {
  IPv4: { table: 'ip', addressType: 'ipv4_addr', portUnreachable: 'icmp type port-unreachable' },
  IPv6: { table: 'ip6', addressType: 'ipv6_addr', portUnreachable: 'icmpv6 type port-unreachable' },
};

interface Chain {
  readonly name: string;
  readonly comment: string;
  /** Type, hook and priority of a base chain; priorities as others rely on them (NFT-02). */
  readonly hook?: string;
  readonly rules: readonly string[];
}

function declareSets(words: FamilyWords): string[] {
  const frontend = frontendKeyText(words);
  const set = (name: string, body: string, comment: string, kind = 'set'): string =>
    `  ${kind} ${name} {\n    ${body}\n    comment "${comment}"\n  }`;
  return [
    set('slots', `${slotType(words)}`, 'frontend . slot number : endpoint', 'map'),
    set('no-endpoints', `typeof ${frontend}`, 'frontends without endpoints: rejected'),
    set('cluster-ips', `type ${words.addressType}`, 'cluster IPs of all services'),
    set(
      'hairpin',
      `type ${words.addressType} . ${words.addressType}`,
      'endpoints here, as source . destination',
    ),
    set(
      'pod-cidrs',
      `type ${words.addressType}\n    flags interval`,
      'sources that are not masqueraded: pods',
    ),
    ...classIndexes().map((index) =>
      set(classSetName(index), `typeof ${frontend}`, `frontends with ${slotsOfClass(index)} slots`),
    ),
  ];
}

function frontendKeyText(words: FamilyWords): string {
  return `${words.table} daddr . meta l4proto . th dport`;
}

function slotType(words: FamilyWords): string {
  // The modulus only gives the number its type; 2^16 is above every class. `th dport` in the data has a
  // price: nft 1.0.6 cannot load rules that use the map once it exists ("conflicting protocols"), so they are loaded
  // with it and not again. `tcp dport`, which can, would make the first rule that uses the map match TCP only.
  return `typeof ${frontendKeyText(words)} . numgen random mod 65536 : ${words.table} daddr . th dport`;
}

function chains(words: FamilyWords): Chain[] {
  return [
    {
      name: 'prerouting',
      comment: 'packets that arrive: from pods and from other hosts',
      hook: 'nat hook prerouting priority dstnat',
      rules: ['jump services'],
    },
    {
      name: 'output',
      comment: 'packets of processes of this node',
      hook: 'nat hook output priority -100',
      rules: ['jump services'],
    },
    {
      name: 'services',
      comment: 'to the chain that picks one of as many slots as the frontend has',
      rules: [`${words.table} daddr != @cluster-ips return`, ...dispatchRules(words), 'goto services-again'],
    },
    {
      // Lookups of one packet are not atomic together: while a transaction moves a frontend from a class that is
      // looked up late to one that is looked up early, a packet between the two would miss it in both.
      name: 'services-again',
      comment: 'a frontend may have changed its class between two lookups: once more',
      rules: dispatchRules(words),
    },
    ...classIndexes().map(pickChain),
    ...classIndexes().map((index) => drawChain(words, index)),
    {
      name: 'postrouting',
      comment: 'new source for what would not find its way back through this node',
      hook: 'nat hook postrouting priority srcnat',
      rules: masqueradeRules(words),
    },
    ...['input', 'forward', 'output'].map((hook) => filterChain(words, hook)),
    {
      name: 'refuse',
      comment: 'answers as if nobody listened there',
      rules: [`reject with ${words.portUnreachable}`],
    },
  ];
}

function dispatchRules(words: FamilyWords): string[] {
  return classIndexes().map(
    (index) => `${frontendKeyText(words)} @${classSetName(index)} goto pick-${classSize(index)}`,
  );
}

/** Refuses new packets to frontends without endpoints (NFT-03), and to ports that a cluster IP does not have (CIP-01). */
function filterChain(words: FamilyWords, hook: string): Chain {
  const noEndpoints = `ct state new ${frontendKeyText(words)} @no-endpoints goto refuse`;
  const unknownPort = `ct state new ${words.table} daddr @cluster-ips goto refuse`;
  return {
    name: `${hook}-filter`,
    comment: 'refuses what has no endpoints',
    hook: `filter hook ${hook} priority filter`,
    rules: hook === 'input' ? [noEndpoints] : [noEndpoints, unknownPort],
  };
}

/**
 * Picks one of the slots of a class: draws a slot number below the class's size. The last slots of the class may not
 * exist. A draw that hits none returns, and the next one draws again, so that each existing slot stays equally likely.
 * At the end (once in over a thousand packets) it takes one of the lower half, which always exists; and slot 0 if a
 * transaction shrank the frontend since the packet was sent here.
 */
function pickChain(index: number): Chain {
  const moduli = moduliOf(classSize(index));
  return {
    name: `pick-${classSize(index)}`,
    comment: `one of ${slotsOfClass(index)} slots at random; draws again if it hits none`,
    rules: moduli.map((modulus, position) =>
      position === moduli.length - 1 ? `goto draw-${modulus}` : `jump draw-${modulus}`,
    ),
  };
}

/**
 * The only rules that look into the slots, one for each class: the kernel visits every rule that is bound to a map
 * each time an element is put into it (with 138 such rules a load took twice as long).
 */
function drawChain(words: FamilyWords, index: number): Chain {
  const size = classSize(index);
  const number = `numgen random mod ${size}`;
  return {
    name: `draw-${size}`,
    comment: `to the endpoint in a random slot below ${size}; back if there is none`,
    rules: [`dnat ${words.table} to ${frontendKeyText(words)} . ${number} map @slots`],
  };
}

/** The numbers below which a class draws, one after the other. */
function moduliOf(size: number): number[] {
  if (size === 1) return [1];
  if (size === 2) return [2, 1];
  // So often that all draws miss less than once in 1024, in the worst case of size / 2 + 1 slots.
  const missing = size / 2 - 1;
  const draws = Math.ceil(Math.log(1024) / Math.log(size / missing));
  return [...new Array<number>(draws).fill(size), size / 2, 1];
}

/**
 * Only the first packet of a connection comes here, and only connections that were translated count. What the
 * client addressed is asked of conntrack: no packet mark is used, so none can clash with other programs' marks.
 */
function masqueradeRules(words: FamilyWords): string[] {
  const toClusterIP = `ct status dnat ct original ${words.table} daddr @cluster-ips`;
  return [
    `ct status dnat ${words.table} saddr . ${words.table} daddr @hairpin masquerade fully-random`,
    `${toClusterIP} ${words.table} saddr != @pod-cidrs masquerade fully-random`,
  ];
}

/** Without pod ranges everybody counts as a pod. */
function podRanges(family: Family, cidrs: readonly Cidr[]): string[] {
  const ranges = cidrs.filter((cidr) => cidr.family === family);
  if (ranges.length === 0) return family === 'IPv4' ? ['0.0.0.0/0'] : ['::/0'];
  return ranges.map((cidr) => `${cidr.address}/${cidr.prefixLength}`);
}

function classIndexes(): number[] {
  return Array.from({ length: CLASS_COUNT }, (_, index) => index);
}

function slotsOfClass(index: number): string {
  const size = classSize(index);
  return size <= 2 ? `${size}` : `${size / 2 + 1} to ${size}`;
}
