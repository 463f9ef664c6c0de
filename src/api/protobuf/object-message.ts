import type { ApiObject } from '../objects.ts';

/** What the message of an object says, good only if the reader has no errors. */
export interface ObjectMessage {
  readonly object: ApiObject;
  /** Undefined if it is not to be had. */
  readonly resourceVersion: string | undefined;
}
