import { loadAddon } from '../native/addon.ts';
import { FAMILIES, type Family } from '../net/address.ts';
import type { Feature } from './feature.ts';
import { tryBackend } from './try-backend.ts';

/** What the nftables backend uses. */
export function nftablesFeatures(): Feature[] {
  return [
    ...FAMILIES.map((family): Feature => {
      const isNeeded = family === 'IPv4';
      return {
        name: `rules for ${family}`,
        isNeeded,
        without: isNeeded ? 'the mode does not work' : 'Services have no IPv6',
        attempt: () => tryBackend('nftables', family, {}),
      };
    }),
    ...FAMILIES.map((family) => ({
      name: `conntrack entries of ${family}`,
      isNeeded: false,
      without: 'UDP clients go on sending to endpoints that are gone',
      attempt: () => listConnections(family),
    })),
  ];
}

async function listConnections(family: Family): Promise<void> {
  const { ConntrackTable } = loadAddon();
  const table = new ConntrackTable({ family });
  try {
    await table.deleteStale(new Uint32Array());
  } finally {
    table.close();
  }
}
