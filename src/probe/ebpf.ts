import { readFileSync } from 'node:fs';
import { getSystemErrorMessage, getSystemErrorName } from 'node:util';
import { cgroupRoot, hasBpfRoot } from '../host/mounts.ts';
import { type EbpfFeature, loadAddon } from '../native/addon.ts';
import { FAMILIES } from '../net/address.ts';
import type { Feature } from './feature.ts';
import { tryBackend } from './try-backend.ts';

const NO_MODE = 'the mode does not work';
const NO_SOCKETS =
  'what processes of this node and its pods send is translated packet by packet, as that of others';

interface KernelFeature extends Omit<Feature, 'attempt'> {
  readonly id: EbpfFeature;
}

const KERNEL_FEATURES: readonly KernelFeature[] = [
  { id: 'maps', name: 'hash, array, LRU and prefix maps', isNeeded: true, without: NO_MODE },
  {
    id: 'batches',
    name: 'many entries of a map in one call (Linux 5.6)',
    isNeeded: true,
    without: 'a large table cannot be loaded',
  },
  { id: 'device-programs', name: 'programs at devices', isNeeded: true, without: NO_MODE },
  {
    id: 'device-redirect',
    name: 'redirection to a neighbour (Linux 5.10)',
    isNeeded: true,
    without: 'what processes of this node send without socket programs finds no way to an endpoint',
  },
  {
    id: 'device-source',
    name: "lookup of the node's own address on a route (Linux 6.7)",
    isNeeded: true,
    without: 'nothing can be masqueraded: node ports and load balancers do not work',
  },
  {
    id: 'device-links',
    name: 'links to devices, TCX (Linux 6.6)',
    isNeeded: false,
    without: 'filters of traffic control take their place, which anybody may delete',
  },
  { id: 'socket-programs', name: 'programs at sockets', isNeeded: false, without: NO_SOCKETS },
  {
    id: 'socket-refusal',
    name: 'an errno of our own from socket programs (Linux 5.18)',
    isNeeded: false,
    without: 'a process that connects to a Service without endpoints is told EPERM, not ECONNREFUSED',
  },
];

/** What the eBPF backend uses, from its parts to the whole. */
export function ebpfFeatures(): Feature[] {
  return [
    {
      name: 'a BPF file system',
      isNeeded: true,
      without: 'nothing outlives the process: a restart would interrupt Services',
      attempt: findBpfFilesystem,
    },
    { name: 'cgroups (version 2), mounted', isNeeded: false, without: NO_SOCKETS, attempt: findCgroups },
    ...KERNEL_FEATURES.map(({ id, ...feature }) => ({ ...feature, attempt: () => tryFeature(id) })),
    ...FAMILIES.map((family) => {
      const isNeeded = family === 'IPv4';
      return {
        name: `all programs and maps for ${family}`,
        isNeeded,
        without: isNeeded ? NO_MODE : 'Services have no IPv6',
        attempt: () => tryBackend('ebpf', family, {}),
      };
    }),
  ];
}

function tryFeature(id: EbpfFeature): void {
  const error = loadAddon().probeEbpf()[id];
  if (error !== 0) throw new Error(`${getSystemErrorName(-error)}: ${getSystemErrorMessage(-error)}`);
}

/** Mounted, or of a kind that the daemon can mount. */
function findBpfFilesystem(): void {
  const isKnown = /\tbpf$/m.test(readFileSync('/proc/filesystems', 'utf8'));
  if (!hasBpfRoot() && !isKnown) throw new Error('/proc/filesystems does not have it');
}

function findCgroups(): void {
  if (cgroupRoot() === undefined) throw new Error('/proc/self/mountinfo does not have it');
}
