/** ServiceCIDR, Lease, Namespace, ConfigMap. Sources: staging/src/k8s.io/api/{networking,coordination,core}/v1. */
import { CONDITION, kindMessage } from './meta.ts';
import {
  bool,
  bytes,
  int32,
  keyedList,
  list,
  map,
  message,
  microTime,
  nested,
  optional,
  string,
  time,
} from './schema.ts';

const SERVICE_CIDR_SPEC = message('ServiceCIDRSpec', { cidrs: list(string(1)) });

const SERVICE_CIDR_STATUS = message('ServiceCIDRStatus', {
  conditions: keyedList(nested(CONDITION, 1), 'type'),
});

export const SERVICE_CIDR = kindMessage('ServiceCIDR', {
  spec: nested(SERVICE_CIDR_SPEC, 2),
  status: nested(SERVICE_CIDR_STATUS, 3),
});

const LEASE_SPEC = message('LeaseSpec', {
  holderIdentity: optional(string(1)),
  leaseDurationSeconds: optional(int32(2)),
  acquireTime: optional(microTime(3)),
  renewTime: optional(microTime(4)),
  leaseTransitions: optional(int32(5)),
  strategy: optional(string(6)),
  preferredHolder: optional(string(7)),
});

export const LEASE = kindMessage('Lease', { spec: nested(LEASE_SPEC, 2) });

const NAMESPACE_CONDITION = message('NamespaceCondition', {
  type: string(1),
  status: string(2),
  lastTransitionTime: time(4),
  reason: string(5),
  message: string(6),
});

export const NAMESPACE = kindMessage('Namespace', {
  spec: nested(message('NamespaceSpec', { finalizers: list(string(1)) }), 2),
  status: nested(
    message('NamespaceStatus', {
      phase: string(1),
      conditions: keyedList(nested(NAMESPACE_CONDITION, 2), 'type'),
    }),
    3,
  ),
});

export const CONFIG_MAP = kindMessage('ConfigMap', {
  data: map(string(2)),
  binaryData: map(bytes(3)),
  immutable: optional(bool(4)),
});
