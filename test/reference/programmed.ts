/** Puts a situation through the real pipeline. */
import { decodeObject } from '../../src/api/decode.ts';
import { type ApiObject, describeObject, type ObjectEvent } from '../../src/api/objects.ts';
import { MemoryBackend } from '../../src/backends/memory/memory-backend.ts';
import { readProxyConfig } from '../../src/config/read-proxy-config.ts';
import { FAMILIES, type Family, familyOf } from '../../src/net/address.ts';
import { Pipeline } from '../../src/pipeline.ts';
import type { ProgrammedNode } from './decide-on-table.ts';
import type { Situation } from './situation.ts';

const SILENT = { synced() {}, refused() {}, failed() {} };

/** What the pipeline wants programmed for a situation, after `before`, which the cluster may have been till then. */
export function programmed(situation: Situation, before?: Situation): Record<Family, ProgrammedNode> {
  const config = readProxyConfig(situation.config, situation.node.name);
  const backends = FAMILIES.map((family) => new MemoryBackend(family));
  const pipeline = new Pipeline({ config, backends, observer: SILENT });
  const hostAddresses = [...situation.node.ips, '127.0.0.1', '::1'];
  const objects = objectsOf(situation);
  if (before !== undefined) {
    const earlier = objectsOf(before);
    pipeline.hostAddresses([...before.node.ips, '127.0.0.1', '::1']);
    pipeline.apply(earlier.map(put));
    pipeline.apply([...removals(earlier, objects), ...objects.map(put)]);
  } else {
    pipeline.apply(objects.map(put));
  }
  pipeline.hostAddresses(hostAddresses);
  pipeline.close();
  const nodeOf = (family: Family): ProgrammedNode => {
    const table = pipeline.wanted(family);
    if (table === undefined) throw new Error(`the pipeline has no table for ${family}`);
    return { table, settings: pipeline.settings(family), hostAddresses };
  };
  return { IPv4: nodeOf('IPv4'), IPv6: nodeOf('IPv6') };
}

function put(object: ApiObject): ObjectEvent {
  return { type: 'put', object };
}

function removals(earlier: readonly ApiObject[], now: readonly ApiObject[]): ObjectEvent[] {
  const kept = new Set(now.map(describeObject));
  const gone = earlier.filter((object) => !kept.has(describeObject(object)));
  return gone.map((object) => ({
    type: 'delete',
    kind: object.kind,
    namespace: 'namespace' in object ? object.namespace : '',
    name: object.name,
  }));
}

/** All objects of a situation, decoded. */
export function objectsOf(situation: Situation): ApiObject[] {
  const { services, endpointSlices } = situation;
  const raw = [nodeObject(situation), ...serviceCIDRObjects(situation), ...services, ...endpointSlices];
  return raw.map((object) => {
    const decoded = decodeObject(object);
    if ('object' in decoded) return decoded.object;
    throw new Error(`${JSON.stringify(decoded)} of ${JSON.stringify(object)}`);
  });
}

function nodeObject({ node }: Situation): object {
  const { name, labels, podCIDRs, ips } = node;
  const primary = FAMILIES.flatMap((family) => ips.find((address) => familyOf(address) === family) ?? []);
  const addresses = primary.map((address) => ({ type: 'InternalIP', address }));
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: { podCIDRs },
    status: { addresses: [...addresses, { type: 'Hostname', address: name }] },
  };
}

function serviceCIDRObjects({ serviceCIDRs = [] }: Situation): object[] {
  return serviceCIDRs.map((cidr, index) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: `range-${index}` },
    spec: { cidrs: [cidr] },
  }));
}
