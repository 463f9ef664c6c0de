/** core/v1 Service (wire.md 4). What the fields must be, service.ts says. */
import type { ServicePort } from '../objects.ts';
import {
  ingressAddress,
  LONGEST_AFFINITY_SECONDS,
  type Spec,
  type SpecParts,
  serviceOf,
  specOf,
} from '../service.ts';
import { servicePortOf } from '../service-port.ts';
import { integerOf } from '../values.ts';
import { appended } from './appended.ts';
import type { ObjectMessage } from './object-message.ts';
import { noMetadata, readMetadata, type VersionedMetadata } from './read-metadata.ts';
import type { WireReader } from './wire-reader.ts';

const NO_ADDRESSES: readonly string[] = [];

export function readService(wire: WireReader): ObjectMessage {
  let metadata: VersionedMetadata | undefined;
  let spec: Spec | undefined;
  let loadBalancerIPs = NO_ADDRESSES;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) metadata = wire.message('metadata', readMetadata);
    else if (field === 2) spec = wire.message('spec', readSpec);
    else if (field === 3) loadBalancerIPs = wire.message('status', readStatus);
    else wire.skip();
  }
  metadata ??= noMetadata(wire.errors);
  spec ??= noSpec(wire);
  return { object: serviceOf(metadata, spec, loadBalancerIPs), resourceVersion: metadata.resourceVersion };
}

/** As SpecParts, in the making. */
class SpecDraft implements SpecParts {
  type: string | undefined;
  clusterIP: string | undefined;
  clusterIPs: string[] | undefined;
  ipFamilies: string[] | undefined;
  ports: ServicePort[] | undefined;
  externalIPs: string[] | undefined;
  loadBalancerSourceRanges: string[] | undefined;
  internalTrafficPolicy: string | undefined;
  externalTrafficPolicy: string | undefined;
  sessionAffinity: string | undefined;
  affinityTimeoutSeconds: number | undefined;
  healthCheckNodePort: number | undefined;
}

function readSpec(wire: WireReader): Spec {
  const draft = new SpecDraft();
  for (let field = wire.next(); field !== 0; field = wire.next()) readSpecField(wire, field, draft);
  return specOf(draft, wire.errors);
}

/** A Service without spec, and what is wrong with that. */
function noSpec({ errors }: WireReader): Spec {
  const before = errors.count;
  const spec = specOf(new SpecDraft(), errors);
  errors.nest(before, 'spec');
  return spec;
}

function readSpecField(wire: WireReader, field: number, draft: SpecDraft): void {
  const { ports, clusterIPs, ipFamilies, externalIPs, loadBalancerSourceRanges: ranges } = draft;
  if (field === 1) draft.ports = appended(ports, wire.message('ports', readPort, ports?.length ?? 0));
  else if (field === 3) draft.clusterIP = wire.string('clusterIP');
  else if (field === 4) draft.type = wire.sharedString('type');
  else if (field === 5) draft.externalIPs = appended(externalIPs, wire.string('externalIPs'));
  else if (field === 7) draft.sessionAffinity = wire.sharedString('sessionAffinity');
  else if (field === 9)
    draft.loadBalancerSourceRanges = appended(ranges, wire.string('loadBalancerSourceRanges'));
  else if (field === 11) draft.externalTrafficPolicy = wire.sharedString('externalTrafficPolicy');
  else if (field === 12) draft.healthCheckNodePort = wire.int32('healthCheckNodePort');
  else if (field === 14) draft.affinityTimeoutSeconds = wire.message('sessionAffinityConfig', readAffinity);
  else if (field === 18) draft.clusterIPs = appended(clusterIPs, wire.string('clusterIPs'));
  else if (field === 19) draft.ipFamilies = appended(ipFamilies, wire.sharedString('ipFamilies'));
  else if (field === 22) draft.internalTrafficPolicy = wire.sharedString('internalTrafficPolicy');
  else wire.skip();
}

function readAffinity(wire: WireReader): number | undefined {
  let seconds: number | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) seconds = wire.message('clientIP', readClientIP);
    else wire.skip();
  }
  return seconds;
}

function readClientIP(wire: WireReader): number | undefined {
  let seconds: number | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) seconds = wire.int32('timeoutSeconds');
    else wire.skip();
  }
  if (seconds === undefined) return undefined;
  return integerOf(seconds, 'timeoutSeconds', 1, LONGEST_AFFINITY_SECONDS, wire.errors);
}

function readPort(wire: WireReader): ServicePort {
  let name: string | undefined;
  let protocol: string | undefined;
  let port: number | undefined;
  let nodePort: number | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) name = wire.sharedString('name');
    else if (field === 2) protocol = wire.sharedString('protocol');
    else if (field === 3) port = wire.int32('port');
    else if (field === 5) nodePort = wire.int32('nodePort');
    else wire.skip();
  }
  return servicePortOf({ name, protocol, port, nodePort }, wire.errors);
}

function readStatus(wire: WireReader): readonly string[] {
  let addresses = NO_ADDRESSES;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) addresses = wire.message('loadBalancer', readLoadBalancer);
    else wire.skip();
  }
  return addresses;
}

function readLoadBalancer(wire: WireReader): readonly string[] {
  let addresses: string[] | undefined;
  let count = 0;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) {
      const address = wire.message('ingress', readIngress, count++);
      if (address !== undefined) addresses = appended(addresses, address);
    } else wire.skip();
  }
  return addresses ?? NO_ADDRESSES;
}

/** `ipMode` is a pointer in Go: one that is there and empty is no VIP. */
function readIngress(wire: WireReader): string | undefined {
  let ip: string | undefined;
  let ipMode: string | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) ip = wire.string('ip');
    else if (field === 3) ipMode = wire.sharedString('ipMode');
    else wire.skip();
  }
  return ingressAddress(ip, ipMode);
}
