import { type Decoded, decodeObject, type TypeMeta } from './decode.ts';
import { type Fields, isFields } from './fields.ts';

/** An object with the version that a watch goes on from. Nothing but the API server knows what a version means. */
export interface VersionedObject {
  readonly decoded: Decoded;
  /** `metadata.resourceVersion`, undefined if it is not to be had. */
  readonly resourceVersion: string | undefined;
}

/** Decodes an object that is JSON, or fields as JSON has them, as decodeObject does. */
export function decodeVersioned(value: unknown, type?: TypeMeta): VersionedObject {
  const metadata = isFields(value) ? value['metadata'] : undefined;
  return {
    decoded: decodeObject(value, type),
    resourceVersion: isFields(metadata) ? resourceVersionOf(metadata) : undefined,
  };
}

/** `resourceVersion` of ObjectMeta or ListMeta, undefined if absent or empty. */
export function resourceVersionOf(metadata: Fields): string | undefined {
  const version = metadata['resourceVersion'];
  return typeof version === 'string' && version !== '' ? version : undefined;
}
