/** core/v1 Service: the fields that decode-service.ts reads, as JSON has them (wire.md 4). */
import type { Fields } from '../fields.ts';
import { type MetadataFields, readMetadata } from './read-metadata.ts';
import type { WireReader } from './wire-reader.ts';

export function readService(wire: WireReader): Fields {
  let metadata: MetadataFields | undefined;
  let spec: Fields | undefined;
  let status: Fields | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) metadata = wire.message('metadata', readMetadata);
    else if (field === 2) spec = wire.message('spec', readSpec);
    else if (field === 3) status = wire.message('status', readStatus);
    else wire.skip();
  }
  return { metadata, spec, status };
}

interface SpecFields {
  type?: string | undefined;
  clusterIP?: string;
  clusterIPs: string[];
  ipFamilies: string[];
  ports: Fields[];
  externalIPs: string[];
  loadBalancerSourceRanges: string[];
  internalTrafficPolicy?: string;
  externalTrafficPolicy?: string | undefined;
  sessionAffinity?: string | undefined;
  sessionAffinityConfig?: Fields;
  healthCheckNodePort?: number;
}

function readSpec(wire: WireReader): Fields {
  const spec: SpecFields = {
    clusterIPs: [],
    ipFamilies: [],
    ports: [],
    externalIPs: [],
    loadBalancerSourceRanges: [],
  };
  for (let field = wire.next(); field !== 0; field = wire.next()) readSpecField(wire, field, spec);
  return { ...spec };
}

function readSpecField(wire: WireReader, field: number, spec: SpecFields): void {
  if (field === 1) spec.ports.push(wire.message('ports', readPort, spec.ports.length));
  else if (field === 3) spec.clusterIP = wire.string('clusterIP');
  else if (field === 4) spec.type = wire.optionalString('type');
  else if (field === 5) spec.externalIPs.push(wire.string('externalIPs'));
  else if (field === 7) spec.sessionAffinity = wire.optionalString('sessionAffinity');
  else if (field === 9) spec.loadBalancerSourceRanges.push(wire.string('loadBalancerSourceRanges'));
  else if (field === 11) spec.externalTrafficPolicy = wire.optionalString('externalTrafficPolicy');
  else if (field === 12) spec.healthCheckNodePort = wire.int32('healthCheckNodePort');
  else if (field === 14) spec.sessionAffinityConfig = wire.message('sessionAffinityConfig', readAffinity);
  else if (field === 18) spec.clusterIPs.push(wire.string('clusterIPs'));
  else if (field === 19) spec.ipFamilies.push(wire.sharedString('ipFamilies'));
  else if (field === 22) spec.internalTrafficPolicy = wire.sharedString('internalTrafficPolicy');
  else wire.skip();
}

function readAffinity(wire: WireReader): Fields {
  let clientIP: Fields | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) clientIP = wire.message('clientIP', readClientIP);
    else wire.skip();
  }
  return { clientIP };
}

function readClientIP(wire: WireReader): Fields {
  let timeoutSeconds: number | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) timeoutSeconds = wire.int32('timeoutSeconds');
    else wire.skip();
  }
  return { timeoutSeconds };
}

function readPort(wire: WireReader): Fields {
  let name: string | undefined;
  let protocol: string | undefined;
  let port: number | undefined;
  let nodePort: number | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) name = wire.sharedString('name');
    else if (field === 2) protocol = wire.optionalString('protocol');
    else if (field === 3) port = wire.int32('port');
    else if (field === 5) nodePort = wire.int32('nodePort');
    else wire.skip();
  }
  return { name, protocol, port, nodePort };
}

function readStatus(wire: WireReader): Fields {
  let loadBalancer: Fields | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) loadBalancer = wire.message('loadBalancer', readLoadBalancer);
    else wire.skip();
  }
  return { loadBalancer };
}

function readLoadBalancer(wire: WireReader): Fields {
  const ingress: Fields[] = [];
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) ingress.push(wire.message('ingress', readIngress, ingress.length));
    else wire.skip();
  }
  return { ingress };
}

/** `ipMode` is a pointer in Go: one that is there and empty is no VIP. */
function readIngress(wire: WireReader): Fields {
  let ip: string | undefined;
  let ipMode: string | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) ip = wire.string('ip');
    else if (field === 3) ipMode = wire.sharedString('ipMode');
    else wire.skip();
  }
  return { ip, ipMode };
}
