/** meta/v1 ObjectMeta: only what is in use; managedFields, often the largest part of an object, is passed over. */
import type { FieldErrors } from '../field-errors.ts';
import { type Labels, type Metadata, metadataOf } from '../metadata.ts';
import type { WireReader } from './wire-reader.ts';

export interface VersionedMetadata extends Metadata {
  readonly resourceVersion: string | undefined;
}

const NO_LABELS: Labels = {};

export function readMetadata(wire: WireReader): VersionedMetadata {
  let name: string | undefined;
  let namespace: string | undefined;
  let resourceVersion: string | undefined;
  let labels: Record<string, string> | undefined;
  let labelCount = 0;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) name = wire.string('name');
    else if (field === 3) namespace = wire.optionalString('namespace');
    else if (field === 6) resourceVersion = wire.string('resourceVersion') || undefined;
    else if (field === 11) {
      labels ??= {};
      setEntry(labels, wire.message('labels', readMapEntry, labelCount++));
    } else wire.skip();
  }
  const metadata = metadataOf(namespace, name, labels ?? NO_LABELS, wire.errors);
  return { namespace: metadata.namespace, name: metadata.name, labels: metadata.labels, resourceVersion };
}

/** What an object without metadata has. */
export function noMetadata(errors: FieldErrors): VersionedMetadata {
  const before = errors.count;
  const metadata = metadataOf(undefined, undefined, NO_LABELS, errors);
  errors.nest(before, 'metadata');
  return { ...metadata, resourceVersion: undefined };
}

/** An own property also of a name such as "__proto__", as JSON.parse makes it. */
function setEntry(map: Record<string, string>, [key, value]: readonly [string, string]): void {
  if (key === '__proto__') Object.defineProperty(map, key, { ...OWN, value });
  else map[key] = value;
}

const OWN = { enumerable: true, configurable: true, writable: true };

/** An entry of a `map<string, string>`. */
export function readMapEntry(wire: WireReader): [key: string, value: string] {
  let key = '';
  let value = '';
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) key = wire.sharedString('key');
    else if (field === 2) value = wire.sharedString('value');
    else wire.skip();
  }
  return [key, value];
}
