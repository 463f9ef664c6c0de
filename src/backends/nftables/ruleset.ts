import { createHash } from 'node:crypto';
import type { Family } from '../../net/address.ts';
import { affinitySets, sharedAffinityChains } from './affinity-chains.ts';
import {
  type Chain,
  chainText,
  checkSources,
  type FamilyWords,
  FROM_NODE,
  frontendOf,
  hex,
  lookUp,
  NODE_PORT,
  PROTOCOLS_KNOWN,
  tableName,
  WORDS,
} from './family-words.ts';
import { classSize, namedSets } from './layout.ts';
import { affinityPickChains, classIndexes, pickChains } from './pick-chains.ts';
import { emptySettingsChains } from './settings.ts';
import { MASK } from './words.ts';

/**
 * The fixed part of nodeplane's table of one family, as text for nftables. To be loaded where there is no such
 * table: sets, chains, rules, and a chain without rules whose name tells which layout this is.
 */
export function layoutText(family: Family): string {
  const body = bodyText(family);
  return `table ${tableName(family)} {\n${body}\n  chain ${layoutChain(family)} {\n    comment "${LAYOUT_COMMENT}"\n  }\n}\n`;
}

/** Name of the chain that only a table with exactly this layout has. */
export function layoutChain(family: Family): string {
  const rules = bodyText(family).replaceAll(/^ *comment ".*"$/gm, '');
  return `layout-${createHash('sha256').update(rules).digest('hex').slice(0, 12)}`;
}

const LAYOUT_COMMENT = 'no rules: the name tells the version of this table';

function bodyText(family: Family): string {
  const words = WORDS[family];
  return [
    '  comment "nodeplane service proxy: the rules are fixed, only elements of sets change"',
    ...namedSets(family).map(([name, set]) => setText(name, set)),
    ...settingsSets(words),
    ...affinitySets(words),
    // A chain must be there before a rule goes to it.
    ...emptySettingsChains().map(chainText),
    ...chains(words).toReversed().map(chainText),
  ].join('\n');
}

function setText(name: string, set: ReturnType<typeof namedSets>[number][1]): string {
  const kind = set.data.length > 0 ? 'map' : 'set';
  const flags = set.interval ? '\n    flags interval' : '';
  return `  ${kind} ${name} {\n    ${set.type}${flags}\n    comment "${set.comment}"\n  }`;
}

/** Sets that change with the node's settings, not with its Services. */
function settingsSets({ ip }: FamilyWords): string[] {
  const type = `typeof ${ip} daddr`;
  return [
    `  set node-addresses {\n    ${type}\n    comment "addresses on which node ports are accepted"\n  }`,
    `  set service-cidrs {\n    ${type}\n    flags interval\n    comment "what is no cluster IP in there is dropped"\n  }`,
  ];
}

/** In the order in which a packet meets them. */
function chains(words: FamilyWords): Chain[] {
  return [
    ...translationChains(words),
    ...pickChains(words),
    ...affinityPickChains(),
    ...sharedAffinityChains(words),
    ...masqueradeChains(words),
    ...filterChains(words),
  ];
}

function translationChains(words: FamilyWords): Chain[] {
  const frontend = frontendOf(words);
  return [
    {
      name: 'output',
      comment: 'new connections of processes on this node',
      hook: 'nat hook output priority -100',
      rules: [checkSources(words), 'goto inside'],
    },
    {
      name: 'check-source',
      comment: 'drops who may not use a load balancer',
      rules: [`meta priority . ${words.ip} saddr @sources return`, 'drop'],
    },
    {
      name: 'outside',
      comment: 'to frontends, for those who are no pods of this node',
      rules: [
        lookUp(frontend, 'outside', 'goto at-local-policy'),
        lookUp(frontend, 'frontends', 'goto dispatch'),
        'goto node-ports-of-outsider',
      ],
    },
    {
      name: 'at-local-policy',
      comment: 'endpoints of this node only, but for the node itself',
      rules: [`${FROM_NODE} goto inside`, 'goto dispatch'],
    },
    {
      name: 'inside',
      comment: 'to frontends, for pods and processes of this node',
      rules: [lookUp(frontend, 'frontends', 'goto dispatch'), 'goto node-ports-of-insider'],
    },
    {
      name: 'node-port-of-outsider',
      comment: 'to node ports, for those who are no pods of this node',
      rules: [
        lookUp(NODE_PORT, 'outside-node-ports', 'goto node-port-at-local-policy'),
        'goto node-port-of-insider',
      ],
    },
    {
      name: 'node-port-at-local-policy',
      comment: 'endpoints of this node only, but for the node itself',
      rules: [`${FROM_NODE} goto node-port-of-insider`, 'goto dispatch'],
    },
    {
      name: 'node-port-of-insider',
      comment: 'to node ports, for pods and processes of this node',
      rules: [lookUp(NODE_PORT, 'node-ports', 'goto dispatch')],
    },
    {
      name: 'dispatch',
      comment: 'picks one of as many slots as the slot set has',
      rules: [dispatchRule()],
    },
    {
      name: 'affinity',
      comment: 'to the endpoint that the client used last',
      rules: [`meta priority & ${hex(MASK.timeoutAndLocal)} vmap @affinity-timeouts`],
    },
  ];
}

/** The map in the rule never changes: the kernel validates all verdicts of a table when one is added. */
function dispatchRule(): string {
  const plain = classIndexes().map((index) => `${hex(index + 1)} : goto pick-${classSize(index)}`);
  const withAffinity = classIndexes().map((index) => `${hex(index + 17)} : goto affinity`);
  return `meta priority & ${hex(MASK.classAndAffinity)} vmap { ${[...plain, ...withAffinity].join(', ')} }`;
}

/**
 * Only the first packet of a connection comes here, and only connections that were translated count. What the
 * client addressed is asked of conntrack: no packet mark is used, so none can clash with other programs' marks.
 */
function masqueradeChains(words: FamilyWords): Chain[] {
  const { ip } = words;
  const frontend = `ct original ${ip} daddr . meta l4proto . ct original proto-dst`;
  const nodePort = 'meta l4proto . ct original proto-dst';
  return [
    {
      name: 'postrouting',
      comment: 'new source for what would not find its way back through this node',
      hook: 'nat hook postrouting priority srcnat',
      rules: ['ct status dnat goto new-source'],
    },
    {
      name: 'new-source',
      comment: 'by what the client addressed',
      rules: [
        // What the register still holds says nothing to others, such as a queueing discipline.
        'meta priority > 0:f meta priority set 0:0',
        `${ip} saddr . ${ip} daddr @hairpin masquerade fully-random`,
        `ct original ${ip} daddr @cluster-ips goto masquerade-cluster-ip`,
        `${PROTOCOLS_KNOWN} ${lookUp(frontend, 'outside', 'goto masquerade-local-policy')}`,
        `${PROTOCOLS_KNOWN} ${lookUp(frontend, 'frontends', 'goto masquerade-always')}`,
        `${PROTOCOLS_KNOWN} ${lookUp(nodePort, 'outside-node-ports', 'goto masquerade-local-policy')}`,
        `${PROTOCOLS_KNOWN} ${lookUp(nodePort, 'node-ports', 'goto masquerade-always')}`,
      ],
    },
    {
      name: 'masquerade-always',
      comment: 'external traffic, policy Cluster',
      rules: ['meta priority set 0:0', 'masquerade fully-random'],
    },
  ];
}

/** Refuses or drops what was not translated (NFT-03). */
function filterChains(words: FamilyWords): Chain[] {
  const frontend = frontendOf(words);
  const refuseFrontends = [`${frontend} @rejected goto refuse`, `${frontend} @dropped drop`];
  const unknownClusterIP = [
    `${words.ip} daddr @cluster-ips goto refuse`,
    `${words.ip} daddr @service-cidrs drop`,
  ];
  // A frontend got its endpoints after the packet passed the translation: as before, not out untranslated.
  const untranslated = lookUp(frontend, 'frontends', 'goto refuse');
  return [
    ...['input', 'forward', 'output'].map((hook) => ({
      name: `${hook}-filter`,
      comment: 'refuses what has no endpoints',
      hook: `filter hook ${hook} priority filter`,
      rules: [
        `ct state new ct status & dnat == 0 goto ${hook === 'input' ? 'refuse-on-node' : 'refuse-on-way'}`,
      ],
    })),
    {
      name: 'refuse-on-node',
      comment: 'new connections to this node',
      rules: [...refuseFrontends, 'goto refuse-node-ports'],
    },
    {
      name: 'refuse-on-way',
      comment:
        'new connections to elsewhere: also unknown ports of cluster IPs, and cluster IPs that are none',
      rules: [...refuseFrontends, ...unknownClusterIP, untranslated],
    },
    {
      name: 'refuse-node-port',
      comment: 'node ports without endpoints',
      rules: [`${NODE_PORT} @rejected-node-ports goto refuse`, `${NODE_PORT} @dropped-node-ports drop`],
    },
    {
      name: 'refuse',
      comment: 'answers as if nobody listened there',
      rules: [`reject with ${words.portUnreachable}`],
    },
  ];
}
