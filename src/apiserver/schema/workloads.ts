/**
 * Pods and what makes them, as far as this server looks: what the EndpointSlice controller reads, and the keys by which
 * patches merge lists. Source: patchMergeKey and listMapKey tags in staging/src/k8s.io/api/{core,apps}/v1/types.go.
 */
import { openKind } from './meta.ts';
import { int32, keyedList, map, nested, openMessage, setList, string } from './schema.ts';

const CONTAINER = openMessage('Container', {
  name: string(),
  image: string(),
  ports: keyedList(
    nested(openMessage('ContainerPort', { name: string(), containerPort: int32(), protocol: string() })),
    'containerPort',
    ['containerPort', 'protocol'],
  ),
  env: keyedList(nested(openMessage('EnvVar', { name: string() })), 'name'),
  volumeMounts: keyedList(nested(openMessage('VolumeMount', { mountPath: string() })), 'mountPath'),
  volumeDevices: keyedList(nested(openMessage('VolumeDevice', { devicePath: string() })), 'devicePath'),
});

const POD_SPEC = openMessage('PodSpec', {
  volumes: keyedList(nested(openMessage('Volume', { name: string() })), 'name'),
  initContainers: keyedList(nested(CONTAINER), 'name'),
  containers: keyedList(nested(CONTAINER), 'name'),
  ephemeralContainers: keyedList(nested(CONTAINER), 'name'),
  nodeName: string(),
  hostname: string(),
  subdomain: string(),
  imagePullSecrets: keyedList(nested(openMessage('LocalObjectReference', { name: string() })), 'name'),
  hostAliases: keyedList(nested(openMessage('HostAlias', { ip: string() })), 'ip'),
  topologySpreadConstraints: keyedList(
    nested(openMessage('TopologySpreadConstraint', { topologyKey: string() })),
    'topologyKey',
    ['topologyKey', 'whenUnsatisfiable'],
  ),
});

const TYPED_CONDITION = openMessage('Condition', { type: string(), status: string() });

const POD_STATUS = openMessage('PodStatus', {
  phase: string(),
  conditions: keyedList(nested(TYPED_CONDITION), 'type'),
  podIP: string(),
  podIPs: keyedList(nested(openMessage('PodIP', { ip: string() })), 'ip'),
  hostIPs: keyedList(nested(openMessage('HostIP', { ip: string() })), 'ip'),
});

export const POD = openKind('Pod', { spec: nested(POD_SPEC), status: nested(POD_STATUS) });

const POD_TEMPLATE = openMessage('PodTemplateSpec', {
  metadata: nested(
    openMessage('TemplateMeta', {
      labels: map(string()),
      annotations: map(string()),
      finalizers: setList(string()),
    }),
  ),
  spec: nested(POD_SPEC),
});

const WORKLOAD_SPEC = openMessage('WorkloadSpec', { template: nested(POD_TEMPLATE) });

const WORKLOAD_STATUS = openMessage('WorkloadStatus', {
  conditions: keyedList(nested(TYPED_CONDITION), 'type'),
});

export const DEPLOYMENT = openKind('Deployment', {
  spec: nested(WORKLOAD_SPEC),
  status: nested(WORKLOAD_STATUS),
});

export const DAEMON_SET = openKind('DaemonSet', {
  spec: nested(WORKLOAD_SPEC),
  status: nested(WORKLOAD_STATUS),
});
