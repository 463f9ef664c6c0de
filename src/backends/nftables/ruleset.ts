import type { Cidr, Family } from '../../net/address.ts';
import { CLASS_COUNT, classSetName, classSize, TABLE } from './layout.ts';

/** What the fixed part of the table depends on. */
export interface RulesetOptions {
  /**
   * Sources that are pods: traffic from elsewhere to a cluster IP is masqueraded (MASQ-02). Without any of
   * this family there is no telling, and nothing but hairpin is masqueraded (MASQ-04).
   */
  readonly podCIDRs: readonly Cidr[];
}

/**
 * The fixed part of nodeplane's table of one family, as text for nftables. Loading it again replaces the rules
 * in one transaction and leaves the elements of the sets, all but the pod ranges, as they are.
 */
export function rulesetText(family: Family, options: RulesetOptions): string {
  const words = WORDS[family];
  const table = `table ${words.table} ${TABLE}`;
  return [
    `${table} {`,
    '  comment "nodeplane service proxy: the rules are fixed, only elements of sets change"',
    ...declareSets(words),
    ...chains(words).map(({ name, comment, hook }) => declareChain(name, comment, hook)),
    '}',
    `flush table ${words.table} ${TABLE}`,
    `flush set ${words.table} ${TABLE} pod-cidrs`,
    `add element ${words.table} ${TABLE} pod-cidrs { ${podRanges(family, options.podCIDRs).join(', ')} }`,
    `${table} {`,
    ...chains(words).map(({ name, rules }) => `  chain ${name} {\n    ${rules.join('\n    ')}\n  }`),
    '}',
    '',
  ].join('\n');
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
    set('hairpin', `type ${words.addressType} . ${words.addressType}`, 'endpoints here, as source . destination'),
    set('pod-cidrs', `type ${words.addressType}\n    flags interval`, 'sources that are not masqueraded: pods'),
    ...classIndexes().map((index) =>
      set(classSetName(index), `typeof ${frontend}`, `frontends with ${slotsOfClass(index)} slots`),
    ),
  ];
}

function frontendKeyText(words: FamilyWords): string {
  return `${words.table} daddr . meta l4proto . th dport`;
}

function slotType(words: FamilyWords): string {
  // The modulus only gives the number its type; 2^16 is above every class. `tcp dport` likewise stands for any
  // port: with `th dport` here, nft 1.0.6 complains of "conflicting protocols" whenever it reads the table.
  return `typeof ${frontendKeyText(words)} . numgen random mod 65536 : ${words.table} daddr . tcp dport`;
}

function declareChain(name: string, comment: string, hook?: string): string {
  const lines = [`comment "${comment}"`, ...(hook === undefined ? [] : [`type ${hook}; policy accept;`])];
  return `  chain ${name} {\n    ${lines.join('\n    ')}\n  }`;
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
      rules: [
        `${words.table} daddr != @cluster-ips return`,
        ...classIndexes().map((index) => `${frontendKeyText(words)} @${classSetName(index)} goto pick-${classSize(index)}`),
      ],
    },
    ...classIndexes().map((index) => pickChain(words, index)),
    {
      name: 'postrouting',
      comment: 'new source for what would not find its way back through this node',
      hook: 'nat hook postrouting priority srcnat',
      rules: masqueradeRules(words),
    },
    ...['input', 'forward', 'output'].map((hook) => ({
      name: `${hook}-filter`,
      comment: 'refuses what has no endpoints',
      hook: `filter hook ${hook} priority filter`,
      rules: ['ct state new jump refuse'],
    })),
    {
      name: 'refuse',
      comment: 'answers as if nobody listened there',
      rules: [`${frontendKeyText(words)} @no-endpoints reject with ${words.portUnreachable}`],
    },
  ];
}

/**
 * Draws a slot number below the size of the class. The last slots of the class may not exist: a draw that hits
 * none falls through to the next rule, which draws again, so each existing slot stays equally likely. At the end
 * (once in over a thousand draws) it takes one of the lower half, which always exists.
 */
function pickChain(words: FamilyWords, index: number): Chain {
  const pick = (modulus: number): string =>
    `dnat ${words.table} to ${frontendKeyText(words)} . numgen random mod ${modulus} map @slots`;
  const size = classSize(index);
  const draws = new Array<string>(drawsOf(size)).fill(pick(size));
  return {
    name: `pick-${size}`,
    comment: `one of ${slotsOfClass(index)} slots at random; draws again if it hits none`,
    rules: size === 1 ? [pick(1)] : [...draws, pick(size / 2)],
  };
}

/** How often to draw so that all miss less than once in 1024, in the worst case of size / 2 + 1 slots. */
function drawsOf(size: number): number {
  const missing = size / 2 - 1;
  return missing <= 0 ? 1 : Math.ceil(Math.log(1024) / Math.log(size / missing));
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
