/** The chains and sets that follow the node's settings. They are written anew, in one transaction, when a setting changes. */
import type { LocalPods, NodeSettings } from '../../forwarding/node-settings.ts';
import type { Family } from '../../net/address.ts';
import { cidrText, withoutNested } from '../../net/cidr.ts';
import { type Chain, checkSources, type FamilyWords, FROM_NODE, tableName, WORDS } from './family-words.ts';

/** Text that brings a table with our layout to these settings, whatever they were. */
export function settingsText(family: Family, settings: NodeSettings): string {
  const table = tableName(family);
  const lines = settingsChains(WORDS[family], settings).flatMap(({ name, rules }) => [
    `flush chain ${table} ${name}`,
    ...rules.map((rule) => `add rule ${table} ${name} ${rule}`),
  ]);
  const { nodePortAddresses, serviceCIDRs } = settings;
  lines.push(
    ...elementsText(`${table} node-addresses`, nodePortAddresses === 'any' ? [] : nodePortAddresses),
    ...elementsText(`${table} service-cidrs`, withoutNested(serviceCIDRs).map(cidrText)),
  );
  return `${lines.join('\n')}\n`;
}

function elementsText(set: string, elements: readonly string[]): string[] {
  const flush = `flush set ${set}`;
  return elements.length === 0 ? [flush] : [flush, `add element ${set} { ${elements.join(', ')} }`];
}

/** The same chains as the layout has them, before any settings are known. */
export function emptySettingsChains(): Chain[] {
  return CHAINS.map(([name, comment, hook]) => ({ name, comment, ...(hook && { hook }), rules: [] }));
}

const CHAINS: readonly (readonly [name: ChainName, comment: string, hook?: string])[] = [
  ['prerouting', 'new connections of pods and from outside', 'nat hook prerouting priority dstnat'],
  ['node-ports-of-outsider', 'accepts node ports on some addresses'],
  ['node-ports-of-insider', 'accepts node ports on some addresses'],
  ['refuse-node-ports', 'node ports on the same addresses'],
  ['masquerade-cluster-ip', 'what does not come from a pod of this node'],
  ['masquerade-local-policy', 'what comes from the node itself'],
];

type ChainName =
  | 'prerouting'
  | 'node-ports-of-outsider'
  | 'node-ports-of-insider'
  | 'refuse-node-ports'
  | 'masquerade-cluster-ip'
  | 'masquerade-local-policy';

function settingsChains(words: FamilyWords, settings: NodeSettings): { name: ChainName; rules: string[] }[] {
  const fromPod = settings.localPods && isLocalPod(words, settings.localPods);
  const onNode = acceptsNodePorts(words, settings.nodePortAddresses);
  const pods = (verdict: string): string[] => (fromPod === undefined ? [] : [`${fromPod} ${verdict}`]);
  const nodePorts = (verdict: string): string[] => (onNode === undefined ? [] : [`${onNode} ${verdict}`]);
  return [
    { name: 'prerouting', rules: [checkSources(words), ...pods('goto inside'), 'goto outside'] },
    { name: 'node-ports-of-outsider', rules: nodePorts('goto node-port-of-outsider') },
    { name: 'node-ports-of-insider', rules: nodePorts('goto node-port-of-insider') },
    { name: 'refuse-node-ports', rules: nodePorts('goto refuse-node-port') },
    { name: 'masquerade-cluster-ip', rules: masqueradeClusterIP(settings, pods('return')) },
    {
      name: 'masquerade-local-policy',
      rules: [
        'meta priority set 0:0',
        ...pods('return'), // ETP-04
        `${FROM_NODE} masquerade fully-random`, // MASQ-08
      ],
    },
  ];
}

/** MASQ-02 to MASQ-04 */
function masqueradeClusterIP({ masqueradeAll, localPods }: NodeSettings, spare: string[]): string[] {
  if (masqueradeAll) return ['masquerade fully-random'];
  return localPods === undefined ? [] : [...spare, 'masquerade fully-random'];
}

/** MASQ-13. The input interface is known in postrouting too, since Linux 5.7; processes of the node have none (MASQ-14). */
function isLocalPod({ ip }: FamilyWords, pods: LocalPods): string {
  if (pods.by === 'source') return `${ip} saddr ${cidrText(pods.cidr)}`;
  return `iifname "${pods.name}${pods.isPrefix ? '*' : ''}"`;
}

/** Section 6 of the spec: undefined accepts none. Loopback is never served (NPA-06). */
function acceptsNodePorts(
  { ip, loopback }: FamilyWords,
  addresses: NodeSettings['nodePortAddresses'],
): string | undefined {
  if (addresses === 'any') return `fib daddr type local ${ip} daddr != ${loopback}`;
  return addresses.length === 0 ? undefined : `${ip} daddr @node-addresses`;
}
