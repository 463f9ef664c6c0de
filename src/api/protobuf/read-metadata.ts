/** meta/v1 ObjectMeta: only what is in use; managedFields, often the largest part of an object, is passed over. */
import type { WireReader } from './wire-reader.ts';

/** As in JSON. */
export interface MetadataFields {
  name?: string;
  namespace?: string | undefined;
  resourceVersion?: string;
  labels?: Record<string, string>;
}

export function readMetadata(wire: WireReader): MetadataFields {
  const metadata: MetadataFields = {};
  const labels: [string, string][] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) metadata.name = wire.string('name');
    else if (field === 3) metadata.namespace = wire.optionalString('namespace');
    else if (field === 6) metadata.resourceVersion = wire.string('resourceVersion');
    else if (field === 11) labels.push(wire.message('labels', readMapEntry, labels.length));
    else wire.skip();
  }
  // fromEntries makes own properties also of names such as "__proto__", as JSON.parse does.
  if (labels.length > 0) metadata.labels = Object.fromEntries(labels);
  return metadata;
}

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
