import type { AllocatedAddresses } from '../services/allocated.ts';

/** What the admission of an object may know of the rest of the cluster. */
export interface Cluster {
  /** The ranges of cluster IPs, those of the ServiceCIDR `kubernetes` first. */
  readonly serviceCidrs: () => readonly string[];
  readonly allocated: AllocatedAddresses;
  /** At least 0, less than 1. */
  readonly random: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
