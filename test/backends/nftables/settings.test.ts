import test, { type ExecutionContext } from 'ava';
import { NftablesBackend } from '../../../src/backends/nftables/nftables-backend.ts';
import { emptyProgrammedTable } from '../../../src/delta/programmed-table.ts';
import type { NodeSettings } from '../../../src/forwarding/node-settings.ts';
import { type Cidr, FAMILIES, type Family, parseCidr } from '../../../src/net/address.ts';
import { web } from '../../contract/backend-contract.ts';
import { Cluster } from '../../helpers/cluster.ts';
import { privateNamespace } from '../../helpers/netns.ts';
import { nft } from '../../helpers/nft-judge.ts';
import { settings } from '../../helpers/settings.ts';

const NFT_FAMILY = { IPv4: 'ip', IPv6: 'ip6' } as const;

async function openBackend(
  t: ExecutionContext,
  family: Family,
): Promise<{ backend: NftablesBackend; listing: () => Promise<string> }> {
  const namespace = await privateNamespace(t);
  const backend = new NftablesBackend({ family, namespace });
  t.teardown(() => backend.close());
  const listing = () => nft(namespace, 'list', 'table', NFT_FAMILY[family], 'nodeplane');
  return { backend, listing };
}

function cidrs(...texts: readonly string[]): Cidr[] {
  return texts.flatMap((text) => parseCidr(text) ?? []);
}

/** Every kind of settings, after those that are least like them. */
function allSettings(family: Family): readonly NodeSettings[] {
  const isV6 = family === 'IPv6';
  const [pods] = cidrs(isV6 ? 'fd00:244::/48' : '10.244.0.0/16');
  if (pods === undefined) throw new Error('the pod range is a CIDR');
  return [
    settings(),
    settings({
      localPods: { by: 'source', cidr: pods },
      nodePortAddresses: isV6 ? ['2001:db8::1', '2001:db8::2'] : ['192.0.2.1', '192.0.2.2'],
      serviceCIDRs: isV6 ? cidrs('fd00:96::/112', 'fd00:96::/120') : cidrs('10.96.0.0/16', '10.96.7.0/24'),
    }),
    settings({ masqueradeAll: true, nodePortAddresses: [] }),
    settings({ localPods: { by: 'interface', name: 'cni0', isPrefix: false }, masqueradeAll: true }),
    settings({
      localPods: { by: 'interface', name: 'veth', isPrefix: true },
      nodePortAddresses: [isV6 ? '2001:db8::3' : '192.0.2.3'],
      serviceCIDRs: isV6 ? cidrs('fd00:97::/112') : cidrs('10.97.0.0/16', '10.98.0.0/16'),
    }),
    settings(),
  ];
}

for (const family of FAMILIES) {
  test(`${family}: a live table that is brought to other settings is as one that never had others`, async (t) => {
    const { backend, listing } = await openBackend(t, family);
    const other = await openBackend(t, family);
    const seen = new Set<string>();
    for (const each of allSettings(family)) {
      await backend.prepare(each);
      await other.backend.remove();
      await other.backend.prepare(each);
      const live = await listing();
      t.is(live, await other.listing());
      seen.add(live);
    }
    t.is(seen.size, allSettings(family).length - 1);
  });

  test(`${family}: settings leave what is forwarded as it is`, async (t) => {
    const { backend } = await openBackend(t, family);
    await backend.prepare(settings());
    await backend.apply(new Cluster(family).deltaOf(web(family, 1, 2, 3), emptyProgrammedTable()));
    const before = await backend.read();
    for (const each of allSettings(family)) {
      await backend.prepare(each);
      t.deepEqual(await backend.read(), before);
    }
  });
}

const says = test.macro(
  async (t: ExecutionContext, fields: Partial<NodeSettings>, ...rules: readonly RegExp[]) => {
    const { backend, listing } = await openBackend(t, 'IPv4');
    await backend.prepare(settings(fields));
    const text = await listing();
    for (const rule of rules) t.regex(text, rule);
  },
);

test(
  'MASQ-13 pods by their addresses',
  says,
  { localPods: { by: 'source', cidr: { family: 'IPv4', address: '10.244.0.0', prefixLength: 16 } } },
  /chain prerouting \{[^}]*ip saddr 10\.244\.0\.0\/16 goto inside\n\s+goto outside\n\t\}/,
  /chain masquerade-cluster-ip \{[^}]*ip saddr 10\.244\.0\.0\/16 return\n\s+masquerade fully-random\n\t\}/,
  /chain masquerade-local-policy \{[^}]*ip saddr 10\.244\.0\.0\/16 return\n\s+fib saddr type local masquerade/,
);
test(
  'MASQ-13 MASQ-14 pods by the interface that they are behind',
  says,
  { localPods: { by: 'interface', name: 'cni0', isPrefix: false } },
  /chain prerouting \{[^}]*iifname "cni0" goto inside/,
);
test(
  'MASQ-13 MASQ-14 pods by the beginning of their interfaces',
  says,
  { localPods: { by: 'interface', name: 'veth', isPrefix: true } },
  /chain masquerade-cluster-ip \{[^}]*iifname "veth\*" return/,
);
test(
  'MASQ-04 without a way to tell pods cluster IP traffic keeps its source',
  says,
  {},
  /chain masquerade-cluster-ip \{\n\s+comment "[^"]*"\n\t\}/,
  /chain prerouting \{[^}]*jump check-source\n\s+goto outside\n\t\}/,
);
test(
  'MASQ-03 masqueradeAll spares nobody',
  says,
  {
    masqueradeAll: true,
    localPods: { by: 'source', cidr: { family: 'IPv4', address: '10.244.0.0', prefixLength: 16 } },
  },
  /chain masquerade-cluster-ip \{\n\s+comment "[^"]*"\n\s+masquerade fully-random\n\t\}/,
);
test(
  'NPA-03 node ports on some addresses',
  says,
  { nodePortAddresses: ['192.0.2.1'] },
  /set node-addresses \{[^}]*elements = \{ 192\.0\.2\.1 \}/,
  /chain node-ports-of-outsider \{[^}]*ip daddr @node-addresses goto node-port-of-outsider/,
  /chain refuse-node-ports \{[^}]*ip daddr @node-addresses goto refuse-node-port/,
);
test(
  'NPA-05 NPA-06 node ports on every local address but loopback',
  says,
  {},
  /chain node-ports-of-insider \{[^}]*fib daddr type local ip daddr != 127\.0\.0\.0\/8 goto node-port-of-insider/,
);
test(
  'NPA-07 node ports nowhere',
  says,
  { nodePortAddresses: [] },
  /chain node-ports-of-insider \{\n\s+comment "[^"]*"\n\t\}/,
  /chain refuse-node-ports \{\n\s+comment "[^"]*"\n\t\}/,
);
test(
  'CIP-06 ServiceCIDRs that hold each other are one',
  says,
  { serviceCIDRs: cidrs('10.96.7.0/24', '10.96.0.0/16', '10.97.0.0/16', '10.96.0.0/16') },
  /set service-cidrs \{[^}]*elements = \{ 10\.96\.0\.0\/16, 10\.97\.0\.0\/16 \}/,
);
