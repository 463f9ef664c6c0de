/** core/v1 Node. Source: staging/src/k8s.io/api/core/v1/{types.go,generated.proto}. */
import { kindMessage } from './meta.ts';
import {
  bool,
  int32,
  int64,
  keyedList,
  list,
  map,
  message,
  nested,
  optional,
  quantity,
  setList,
  string,
  time,
} from './schema.ts';

const TAINT = message('Taint', {
  key: string(1),
  value: string(2),
  effect: string(3),
  timeAdded: optional(time(4)),
});

const NODE_SPEC = message('NodeSpec', {
  podCIDR: string(1),
  podCIDRs: setList(string(7)),
  providerID: string(3),
  unschedulable: bool(4),
  taints: list(nested(TAINT, 5)),
  externalID: string(2),
});

const NODE_CONDITION = message('NodeCondition', {
  type: string(1),
  status: string(2),
  lastHeartbeatTime: time(3),
  lastTransitionTime: time(4),
  reason: string(5),
  message: string(6),
});

const NODE_ADDRESS = message('NodeAddress', { type: string(1), address: string(2) });

const DAEMON_ENDPOINTS = message('NodeDaemonEndpoints', {
  kubeletEndpoint: nested(message('DaemonEndpoint', { Port: int32(1) }), 1),
});

const NODE_INFO = message('NodeSystemInfo', {
  machineID: string(1),
  systemUUID: string(2),
  bootID: string(3),
  kernelVersion: string(4),
  osImage: string(5),
  containerRuntimeVersion: string(6),
  kubeletVersion: string(7),
  kubeProxyVersion: string(8),
  operatingSystem: string(9),
  architecture: string(10),
});

const CONTAINER_IMAGE = message('ContainerImage', { names: list(string(1)), sizeBytes: int64(2) });

const NODE_STATUS = message('NodeStatus', {
  capacity: map(quantity(1)),
  allocatable: map(quantity(2)),
  phase: string(3),
  conditions: keyedList(nested(NODE_CONDITION, 4), 'type'),
  addresses: keyedList(nested(NODE_ADDRESS, 5), 'type'),
  daemonEndpoints: nested(DAEMON_ENDPOINTS, 6),
  nodeInfo: nested(NODE_INFO, 7),
  images: list(nested(CONTAINER_IMAGE, 8)),
  volumesInUse: list(string(9)),
});

export const NODE = kindMessage('Node', { spec: nested(NODE_SPEC, 2), status: nested(NODE_STATUS, 3) });
