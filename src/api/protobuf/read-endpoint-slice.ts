/**
 * discovery.k8s.io/v1 EndpointSlice (wire.md 4). The hot path of a busy cluster: bytes become the object and nothing
 * else. What the fields must be, endpoint-slice.ts says.
 */
import {
  type Conditions,
  endpointOf,
  endpointPortOf,
  endpointSliceOf,
  type Hints,
  NO_CONDITIONS,
  NO_HINTS,
} from '../endpoint-slice.ts';
import type { Endpoint, EndpointPort } from '../objects.ts';
import { appended } from './appended.ts';
import type { ObjectMessage } from './object-message.ts';
import { noMetadata, readMetadata, type VersionedMetadata } from './read-metadata.ts';
import type { WireReader } from './wire-reader.ts';

export function readEndpointSlice(wire: WireReader): ObjectMessage {
  let metadata: VersionedMetadata | undefined;
  let addressType = '';
  let ports: EndpointPort[] | undefined;
  const endpoints: Endpoint[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) metadata = wire.message('metadata', readMetadata);
    else if (field === 2) endpoints.push(wire.message('endpoints', readEndpoint, endpoints.length));
    else if (field === 3) ports = appended(ports, wire.message('ports', readPort, ports?.length ?? 0));
    else if (field === 4) addressType = wire.sharedString('addressType');
    else wire.skip();
  }
  metadata ??= noMetadata(wire.errors);
  const object = endpointSliceOf({ metadata, addressType, ports: ports ?? [], endpoints }, wire.errors);
  return { object, resourceVersion: metadata.resourceVersion };
}

function readEndpoint(wire: WireReader): Endpoint {
  let addresses: string[] | undefined;
  let conditions = NO_CONDITIONS;
  let nodeName: string | undefined;
  let hints = NO_HINTS;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) addresses = appended(addresses, wire.string('addresses'));
    else if (field === 2) conditions = wire.message('conditions', readConditions);
    else if (field === 6) nodeName = wire.sharedString('nodeName');
    else if (field === 8) hints = wire.message('hints', readHints);
    else wire.skip();
  }
  return endpointOf(addresses ?? [], conditions, nodeName, hints);
}

function readConditions(wire: WireReader): Conditions {
  let ready: boolean | undefined;
  let serving: boolean | undefined;
  let terminating: boolean | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) ready = wire.bool('ready');
    else if (field === 2) serving = wire.bool('serving');
    else if (field === 3) terminating = wire.bool('terminating');
    else wire.skip();
  }
  return { ready, serving, terminating };
}

function readHints(wire: WireReader): Hints {
  let zones: string[] | undefined;
  let nodes: string[] | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) zones = appended(zones, wire.message('forZones', readHint, zones?.length ?? 0));
    else if (field === 2) nodes = appended(nodes, wire.message('forNodes', readHint, nodes?.length ?? 0));
    else wire.skip();
  }
  return { zones: zones ?? [], nodes: nodes ?? [] };
}

function readHint(wire: WireReader): string {
  let name = '';
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) name = wire.sharedString('name');
    else wire.skip();
  }
  return name;
}

/** All pointers in Go: a name that is there and empty is the unnamed port (EP-04). */
function readPort(wire: WireReader): EndpointPort {
  let name: string | undefined;
  let protocol: string | undefined;
  let port: number | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) name = wire.sharedString('name');
    else if (field === 2) protocol = wire.sharedString('protocol');
    else if (field === 3) port = wire.int32('port');
    else wire.skip();
  }
  return endpointPortOf(name, protocol, port, wire.errors);
}
