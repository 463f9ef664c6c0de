/** What other programs on the host can rely on: section 26 of the spec. */
import test from 'ava';
import { NftablesBackend } from '../../src/backends/nftables/nftables-backend.ts';
import type { NodeSettings } from '../../src/forwarding/node-settings.ts';
import { NFT } from '../../src/lab/command.ts';
import { FAMILIES, type Family } from '../../src/net/address.ts';
import { exec, privateNamespace } from '../helpers/netns.ts';

const SETTINGS: NodeSettings = {
  localPods: { by: 'interface', name: 'cni0', isPrefix: false },
  masqueradeAll: false,
  nodePortAddresses: 'any',
  serviceCIDRs: [],
};

interface NftObject {
  readonly table?: { readonly family: string; readonly name: string };
  readonly chain?: {
    readonly name: string;
    readonly type?: string;
    readonly hook?: string;
    readonly prio?: number;
    readonly policy?: string;
  };
}

async function prepare(namespace: string, family: Family): Promise<void> {
  const backend = new NftablesBackend({ family, namespace });
  try {
    await backend.prepare(SETTINGS);
  } finally {
    backend.close();
  }
}

async function listed(namespace: string): Promise<readonly NftObject[]> {
  const { nftables }: { nftables: NftObject[] } = JSON.parse(
    await exec(namespace, NFT, '--json', 'list', 'ruleset'),
  );
  return nftables;
}

test('NFT-01 tables of our own, one in each family, beside those of others', async (t) => {
  const namespace = await privateNamespace(t);
  await exec(namespace, NFT, 'add table ip kube-proxy');
  for (const family of FAMILIES) await prepare(namespace, family);
  const tables = (await listed(namespace)).flatMap(({ table }) => table ?? []);
  const names = tables.map(({ family, name }) => `${family} ${name}`);
  t.deepEqual(names.toSorted(), ['ip kube-proxy', 'ip nodeplane', 'ip6 nodeplane']);
});

for (const family of FAMILIES) {
  test(`NFT-02 NFT-03 hooks and priorities, ${family}`, async (t) => {
    const namespace = await privateNamespace(t);
    await prepare(namespace, family);
    const chains = (await listed(namespace)).flatMap(({ chain }) => chain ?? []);
    const hooks = chains.filter(({ hook }) => hook !== undefined);
    t.deepEqual(
      hooks.map(({ type, hook, prio }) => `${type} ${hook} ${prio}`).toSorted(),
      [
        // Whoever hooks in before -100 sees the addresses of Services, whoever does after sees endpoints.
        'nat output -100',
        'nat prerouting -100',
        // Whoever hooks in before 100 sees the client's address.
        'nat postrouting 100',
        'filter forward 0',
        'filter input 0',
        'filter output 0',
      ].toSorted(),
    );
    t.true(hooks.every(({ policy }) => policy === 'accept'));
  });

  test(`MASQ-01 packet and connection marks are left to others, ${family}`, async (t) => {
    const namespace = await privateNamespace(t);
    await prepare(namespace, family);
    t.notRegex(await exec(namespace, NFT, 'list', 'ruleset'), /\bmark\b/);
  });
}
