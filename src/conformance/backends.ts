/** Backends whose rules can be put to the test. */
export const BACKENDS = ['nftables'] as const;

export type BackendName = (typeof BACKENDS)[number];
