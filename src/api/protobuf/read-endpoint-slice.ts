/** discovery.k8s.io/v1 EndpointSlice: the fields that decode-endpoint-slice.ts reads, as JSON has them (wire.md 4). */
import type { Fields } from '../fields.ts';
import { type MetadataFields, readMetadata } from './read-metadata.ts';
import type { WireReader } from './wire-reader.ts';

interface EndpointFields {
  addresses: string[];
  conditions?: Fields;
  nodeName?: string;
  hints?: Fields;
}

export function readEndpointSlice(wire: WireReader): Fields {
  let metadata: MetadataFields | undefined;
  let addressType = '';
  const endpoints: EndpointFields[] = [];
  const ports: Fields[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) metadata = wire.message('metadata', readMetadata);
    else if (field === 2) endpoints.push(wire.message('endpoints', readEndpoint, endpoints.length));
    else if (field === 3) ports.push(wire.message('ports', readPort, ports.length));
    else if (field === 4) addressType = wire.sharedString('addressType');
    else wire.skip();
  }
  return { metadata, addressType, endpoints, ports };
}

function readEndpoint(wire: WireReader): EndpointFields {
  const endpoint: EndpointFields = { addresses: [] };
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) endpoint.addresses.push(wire.string('addresses'));
    else if (field === 2) endpoint.conditions = wire.message('conditions', readConditions);
    else if (field === 6) endpoint.nodeName = wire.sharedString('nodeName');
    else if (field === 8) endpoint.hints = wire.message('hints', readHints);
    else wire.skip();
  }
  return endpoint;
}

/** Unset conditions stay unset: EP-10 says what that means. */
function readConditions(wire: WireReader): Fields {
  const conditions: { ready?: boolean; serving?: boolean; terminating?: boolean } = {};
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) conditions.ready = wire.bool('ready');
    else if (field === 2) conditions.serving = wire.bool('serving');
    else if (field === 3) conditions.terminating = wire.bool('terminating');
    else wire.skip();
  }
  return conditions;
}

function readHints(wire: WireReader): Fields {
  const forZones: Fields[] = [];
  const forNodes: Fields[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) forZones.push(wire.message('forZones', readHint, forZones.length));
    else if (field === 2) forNodes.push(wire.message('forNodes', readHint, forNodes.length));
    else wire.skip();
  }
  return { forZones, forNodes };
}

function readHint(wire: WireReader): Fields {
  let name = '';
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) name = wire.sharedString('name');
    else wire.skip();
  }
  return { name };
}

/** All pointers in Go: a name that is there and empty is the unnamed port (EP-04). */
function readPort(wire: WireReader): Fields {
  const port: { name?: string; protocol?: string; port?: number } = {};
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) port.name = wire.sharedString('name');
    else if (field === 2) port.protocol = wire.sharedString('protocol');
    else if (field === 3) port.port = wire.int32('port');
    else wire.skip();
  }
  return port;
}
