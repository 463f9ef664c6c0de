/** core/v1 Service: the fields that decode-service.ts reads, as JSON has them (wire.md 4). */
import type { Fields } from '../fields.ts';
import { type MetadataFields, readMetadata } from './read-metadata.ts';
import type { WireReader } from './wire-reader.ts';

export function readService(wire: WireReader): Fields {
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
  let type: string | undefined;
  let clusterIP: string | undefined;
  const ports: Fields[] = [];
  const clusterIPs: string[] = [];
  const ipFamilies: string[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) ports.push(wire.message('ports', readPort, ports.length));
    else if (field === 3) clusterIP = wire.string('clusterIP');
    else if (field === 4) type = wire.optionalString('type');
    else if (field === 18) clusterIPs.push(wire.string('clusterIPs'));
    else if (field === 19) ipFamilies.push(wire.sharedString('ipFamilies'));
    else wire.skip();
  }
  return { type, clusterIP, clusterIPs, ipFamilies, ports };
}

function readPort(wire: WireReader): Fields {
  let name: string | undefined;
  let protocol: string | undefined;
  let port: number | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) name = wire.sharedString('name');
    else if (field === 2) protocol = wire.optionalString('protocol');
    else if (field === 3) port = wire.int32('port');
    else wire.skip();
  }
  return { name, protocol, port };
}
