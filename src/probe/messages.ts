import type { BackendReport } from './feature.ts';

/** What the probe asks of its process. */
export type Commands = {
  probe: { request: null; reply: readonly BackendReport[] };
};
