import { parseArgs } from 'node:util';
import { NftablesBackend } from '../backends/nftables/nftables-backend.ts';
import { supportedFamilies } from '../host/families.ts';

/** `nodeplane cleanup`: removes all of ours from the kernel, and nothing else. */
export async function cleanup(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { 'network-namespace': { type: 'string' } } });
  for (const family of supportedFamilies()) {
    const backend = new NftablesBackend({ family, namespace: values['network-namespace'] });
    await backend.remove();
    backend.close();
  }
  return 0;
}
