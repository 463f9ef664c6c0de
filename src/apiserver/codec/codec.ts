import type { Status } from '../errors.ts';
import type { KubeObject } from '../objects.ts';
import type { ChangeType } from '../storage/change.ts';

/** metadata of a list. */
export interface ListMeta extends Record<string, unknown> {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** How answers of one resource become bytes of one media type. Objects are stored versions; their bytes may be remembered. */
export interface Codec {
  /** Content-Type of an object or a list. */
  readonly mediaType: string;
  /** Content-Type of a watch. */
  readonly streamType: string;
  object(object: KubeObject): Uint8Array;
  list(objects: readonly KubeObject[], metadata: ListMeta): Uint8Array;
  /** A frame of a watch stream. */
  frame(type: ChangeType, object: KubeObject): Uint8Array;
  /** A frame that says only how far the stream is; `isInitialEnd` closes the first part of a streaming list. */
  bookmark(version: string, isInitialEnd: boolean): Uint8Array;
  status(status: Status): Uint8Array;
  errorFrame(status: Status): Uint8Array;
}

export const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** The metadata of a bookmark's object. */
export function bookmarkMeta(version: string, isInitialEnd: boolean): Record<string, unknown> {
  return {
    resourceVersion: version,
    ...(isInitialEnd ? { annotations: { [INITIAL_EVENTS_END]: 'true' } } : {}),
  };
}
