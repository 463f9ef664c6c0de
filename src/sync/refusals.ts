import type { ProgrammedTable } from '../delta/programmed-table.ts';
import type { WantedTable } from '../forwarding/forwarding-table.ts';
import type { Frontend } from '../forwarding/frontend.ts';

/** A view of `wanted` in which the refused frontends are wanted as the kernel already has them. */
export function withoutRefused(
  wanted: WantedTable,
  programmed: ProgrammedTable,
  refused: ReadonlySet<string>,
): WantedTable {
  const asProgrammed = (key: string): Frontend | undefined => {
    const frontend = programmed.frontends.get(key);
    return frontend && { ...frontend, key, endpoints: frontend.slots };
  };
  return {
    frontend: (key) => (refused.has(key) ? asProgrammed(key) : wanted.frontend(key)),
    *frontends() {
      for (const entry of wanted.frontends()) if (!refused.has(entry[0])) yield entry;
    },
    hasClusterIP: (address) => wanted.hasClusterIP(address),
    clusterIPs: () => wanted.clusterIPs(),
    hasHairpin: (address) => wanted.hasHairpin(address),
    hairpins: () => wanted.hairpins(),
  };
}
