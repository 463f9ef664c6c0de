import { FieldErrors } from '../field-errors.ts';
import type { Identity } from '../identity.ts';
import { decodeMetadata } from '../metadata.ts';
import type { Kind } from '../objects.ts';
import { readMessage, type WireReader } from './wire-reader.ts';

const CLUSTER_SCOPED: readonly Kind[] = ['Node', 'ServiceCIDR'];

/**
 * Which object a message is that cannot be read to its end: whatever of its name stands before the broken place.
 * Undefined if that is not enough.
 */
export function identityOfMessage(kind: Kind, bytes: Uint8Array): Identity | undefined {
  const found: { name?: string; namespace?: string } = {};
  try {
    readMessage(bytes, (wire) => readNames(wire, found));
  } catch {
    // What was found before that is the answer.
  }
  const errors = new FieldErrors();
  const { name, namespace } = decodeMetadata(found, errors);
  if (errors.count > 0) return undefined;
  return { kind, namespace: CLUSTER_SCOPED.includes(kind) ? '' : namespace, name };
}

function readNames(wire: WireReader, found: { name?: string; namespace?: string }): void {
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field !== 1) wire.skip();
    else wire.message('metadata', (metadata) => readMetadataNames(metadata, found));
  }
}

function readMetadataNames(wire: WireReader, found: { name?: string; namespace?: string }): void {
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) found.name = wire.string('name');
    else if (field === 3) found.namespace = wire.string('namespace');
    else wire.skip();
  }
}
