/** networking.k8s.io/v1 ServiceCIDR (wire.md 4). What the fields must be, service-cidr.ts says. */
import { serviceCidrsOf } from '../service-cidr.ts';
import type { ObjectMessage } from './object-message.ts';
import { noMetadata, readMetadata, type VersionedMetadata } from './read-metadata.ts';
import type { WireReader } from './wire-reader.ts';

export function readServiceCIDR(wire: WireReader): ObjectMessage {
  let metadata: VersionedMetadata | undefined;
  let cidrs: readonly string[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) metadata = wire.message('metadata', readMetadata);
    else if (field === 2) cidrs = wire.message('spec', readSpec);
    else wire.skip();
  }
  const { name, resourceVersion } = metadata ?? noMetadata(wire.errors);
  return { object: { kind: 'ServiceCIDR', name, cidrs }, resourceVersion };
}

function readSpec(wire: WireReader): readonly string[] {
  const cidrs: string[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) cidrs.push(wire.string('cidrs'));
    else wire.skip();
  }
  return serviceCidrsOf(cidrs, wire.errors);
}
