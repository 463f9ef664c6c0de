import type { Storage } from '../storage/storage.ts';
import type { Cluster } from './cluster.ts';

/** What the verbs work with. */
export interface StoreContext {
  readonly storage: Storage;
  readonly cluster: Cluster;
}

/** How an object is written. */
export interface WriteOptions {
  /** Only the status is taken from the object. */
  readonly subresource?: 'status' | undefined;
  /** All checks, but nothing is stored. */
  readonly isDryRun?: boolean;
  /**
   * The object comes from a client: status is not the client's to write except by the subresource, and unknown fields are
   * treated as `fieldValidation` says. In-process callers write both at once.
   */
  readonly isFromClient?: boolean;
  /** Strict: unknown fields are a 400. Otherwise they are dropped. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
}

/** Which object. */
export interface ObjectRef {
  readonly name: string;
  readonly namespace?: string | undefined;
}
