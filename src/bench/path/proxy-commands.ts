import type { BackendName } from '../common/backends.ts';
import type { ClusterSize } from './cluster.ts';

/** What the process with the service proxy is asked. */
export type ProxyCommands = {
  /** First and once: loads everything from empty and reads it back. */
  load: { request: LoadRequest; reply: null };
};

export interface LoadRequest extends ClusterSize {
  readonly backend: BackendName;
  /** The node's network namespace. */
  readonly namespace: string;
  readonly nodeAddress: string;
}
