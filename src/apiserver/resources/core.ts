/** Resources of core/v1 except workloads. Columns: pkg/printers/internalversion/printers.go. */

import { isObject, type KubeObject, listAt, textAt, valueAt } from '../objects.ts';
import { CORE_EVENT } from '../schema/event.ts';
import { NODE } from '../schema/node.ts';
import { SERVICE } from '../schema/service.ts';
import { CONFIG_MAP, NAMESPACE } from '../schema/small-kinds.ts';
import { admitService } from '../services/admit-service.ts';
import type { ServiceObject, ServicePort } from '../services/service-object.ts';
import { AGE, column, joined, NAME, NONE, selectorText, wide } from '../tables/cells.ts';
import { eventColumns } from './event-columns.ts';
import { resource } from './resource.ts';

export const SERVICES = resource({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  hasStatus: true,
  hasProtobuf: true,
  schema: SERVICE,
  selectableFields: ['spec.clusterIP', 'spec.type'],
  admit: admitService,
  columns: [
    NAME,
    column('Type', (object) => textAt(object, 'spec', 'type')),
    column('Cluster-IP', (object) => textAt(object, 'spec', 'clusterIP') || NONE),
    column('External-IP', externalIPs),
    column('Port(s)', (object) => joined(((object as ServiceObject).spec.ports ?? []).map(portText))),
    AGE,
    wide('Selector', (object) => selectorText(valueAt(object, 'spec', 'selector'))),
  ],
});

function externalIPs(object: KubeObject): string {
  const { spec } = object as ServiceObject;
  if (spec.type === 'ExternalName') return spec.externalName ?? NONE;
  const ingress = listAt(object, 'status', 'loadBalancer', 'ingress').map(
    (it) => textAt(it, 'ip') || textAt(it, 'hostname'),
  );
  const ips = [...(spec.type === 'LoadBalancer' ? ingress : []), ...(spec.externalIPs ?? [])];
  return ips.length === 0 && spec.type === 'LoadBalancer' ? '<pending>' : joined(ips);
}

function portText({ port, nodePort, protocol }: ServicePort): string {
  return `${port}${nodePort === undefined ? '' : `:${nodePort}`}/${protocol}`;
}

export const NODES = resource({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  isNamespaced: false,
  hasStatus: true,
  hasProtobuf: true,
  schema: NODE,
  selectableFields: ['spec.unschedulable'],
  admit: (node) => {
    node['spec'] ??= {};
    node['status'] ??= {};
    return [];
  },
  columns: [
    NAME,
    column('Status', nodeStatus),
    column('Roles', nodeRoles),
    AGE,
    column('Version', (node) => textAt(node, 'status', 'nodeInfo', 'kubeletVersion')),
    wide('Internal-IP', (node) => nodeAddress(node, 'InternalIP')),
    wide('External-IP', (node) => nodeAddress(node, 'ExternalIP')),
    wide('OS-Image', (node) => textAt(node, 'status', 'nodeInfo', 'osImage') || '<unknown>'),
    wide('Kernel-Version', (node) => textAt(node, 'status', 'nodeInfo', 'kernelVersion') || '<unknown>'),
    wide(
      'Container-Runtime',
      (node) => textAt(node, 'status', 'nodeInfo', 'containerRuntimeVersion') || '<unknown>',
    ),
  ],
});

function nodeStatus(node: KubeObject): string {
  const ready = listAt(node, 'status', 'conditions').find((it) => textAt(it, 'type') === 'Ready');
  const status = ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return valueAt(node, 'spec', 'unschedulable') === true ? `${status},SchedulingDisabled` : status;
}

function nodeRoles(node: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const labels = Object.keys(node.metadata.labels ?? {});
  return joined(
    labels
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
      .sort(),
  );
}

function nodeAddress(node: KubeObject, type: string): string {
  const found = listAt(node, 'status', 'addresses').find((it) => textAt(it, 'type') === type);
  return found === undefined ? NONE : textAt(found, 'address');
}

export const NAMESPACES = resource({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  isNamespaced: false,
  hasStatus: true,
  hasProtobuf: true,
  schema: NAMESPACE,
  selectableFields: ['status.phase'],
  admit: (namespace) => {
    namespace.metadata.labels = {
      ...namespace.metadata.labels,
      'kubernetes.io/metadata.name': namespace.metadata.name,
    };
    namespace['spec'] ??= { finalizers: ['kubernetes'] };
    namespace['status'] = { phase: 'Active' };
    return [];
  },
  columns: [NAME, column('Status', (object) => textAt(object, 'status', 'phase')), AGE],
});

export const CONFIG_MAPS = resource({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  hasProtobuf: true,
  schema: CONFIG_MAP,
  columns: [
    NAME,
    column('Data', (object) => size(object['data']) + size(object['binaryData']), { type: 'integer' }),
    AGE,
  ],
});

function size(value: unknown): number {
  return isObject(value) ? Object.keys(value).length : 0;
}

export const EVENTS = resource({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  hasProtobuf: true,
  schema: CORE_EVENT,
  selectableFields: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (it) => `involvedObject.${it}`,
    ),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  columns: eventColumns,
});
