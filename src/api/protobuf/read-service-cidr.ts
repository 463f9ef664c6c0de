/** networking.k8s.io/v1 ServiceCIDR: the fields that decode-service-cidr.ts reads, as JSON has them (wire.md 4). */
import type { Fields } from '../fields.ts';
import { type MetadataFields, readMetadata } from './read-metadata.ts';
import type { WireReader } from './wire-reader.ts';

export function readServiceCIDR(wire: WireReader): Fields {
  let metadata: MetadataFields | undefined;
  let spec: Fields | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) metadata = wire.message('metadata', readMetadata);
    else if (field === 2) spec = wire.message('spec', readSpec);
    else wire.skip();
  }
  return { metadata, spec };
}

function readSpec(wire: WireReader): Fields {
  const cidrs: string[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) cidrs.push(wire.string('cidrs'));
    else wire.skip();
  }
  return { cidrs };
}
