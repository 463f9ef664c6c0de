import { type KernelBackendName, type KernelOptions, openKernelBackend } from '../backends/kernel-backend.ts';
import type { Delta } from '../delta/delta.ts';
import { emptyProgrammedTable } from '../delta/programmed-table.ts';
import type { NodeSettings } from '../forwarding/node-settings.ts';
import type { Family } from '../net/address.ts';

const SETTINGS: NodeSettings = {
  localPods: undefined,
  masqueradeAll: false,
  nodePortAddresses: 'any',
  serviceCIDRs: [],
};

/** Addresses for documentation: nobody has them. */
const ADDRESSES = {
  IPv4: { frontend: '192.0.2.1', endpoint: '192.0.2.2:80' },
  IPv6: { frontend: '2001:db8::1', endpoint: '[2001:db8::2]:80' },
} as const;

/**
 * Puts a backend to work in the network namespace that the process is in: all of its rules or programs, and a Service.
 * Throws unless the kernel takes everything and tells it back.
 */
export async function tryBackend(
  name: KernelBackendName,
  family: Family,
  options: KernelOptions,
): Promise<void> {
  const { backend, connections } = openKernelBackend(name, family, options);
  try {
    await backend.prepare(SETTINGS);
    await backend.apply(oneService(family));
    const { table, strays } = await backend.read();
    if (table.frontends.size !== 1 || strays > 0) throw new Error('what was written is not read back');
    await backend.remove();
  } finally {
    connections.close();
    backend.close();
  }
}

function oneService(family: Family): Delta {
  const { frontend, endpoint } = ADDRESSES[family];
  const table = emptyProgrammedTable();
  const set = { id: table.ids.slotSets.take(), slots: [endpoint], affinity: undefined };
  const inside = { action: 'forward', set: set.id, count: 1, affinitySeconds: undefined } as const;
  const programmed = {
    address: frontend,
    protocol: 'TCP',
    port: 80,
    inside,
    outside: undefined,
    sourceList: undefined,
  } as const;
  return {
    frontends: [{ key: 'probe', before: undefined, after: programmed }],
    slotSets: [{ key: 'probe', before: undefined, after: set }],
    sourceLists: [],
    clusterIPs: { put: [frontend], delete: [] },
    hairpins: { put: [], delete: [] },
  };
}
