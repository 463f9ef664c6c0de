/** core/v1 Service. Source: staging/src/k8s.io/api/core/v1/{types.go,generated.proto}. */
import { CONDITION, kindMessage } from './meta.ts';
import {
  bool,
  int32,
  intOrString,
  keyedList,
  list,
  map,
  message,
  nested,
  optional,
  string,
} from './schema.ts';

const SERVICE_PORT = message('ServicePort', {
  name: string(1),
  protocol: string(2),
  appProtocol: optional(string(6)),
  port: int32(3),
  targetPort: intOrString(4),
  nodePort: int32(5),
});

const CLIENT_IP_CONFIG = message('ClientIPConfig', { timeoutSeconds: optional(int32(1)) });

const SESSION_AFFINITY_CONFIG = message('SessionAffinityConfig', {
  clientIP: optional(nested(CLIENT_IP_CONFIG, 1)),
});

const SERVICE_SPEC = message('ServiceSpec', {
  ports: keyedList(nested(SERVICE_PORT, 1), 'port', ['port', 'protocol']),
  selector: map(string(2)),
  clusterIP: string(3),
  clusterIPs: list(string(18)),
  type: string(4),
  externalIPs: list(string(5)),
  sessionAffinity: string(7),
  loadBalancerIP: string(8),
  loadBalancerSourceRanges: list(string(9)),
  externalName: string(10),
  externalTrafficPolicy: string(11),
  healthCheckNodePort: int32(12),
  publishNotReadyAddresses: bool(13),
  sessionAffinityConfig: optional(nested(SESSION_AFFINITY_CONFIG, 14)),
  ipFamilies: list(string(19)),
  ipFamilyPolicy: optional(string(17)),
  allocateLoadBalancerNodePorts: optional(bool(20)),
  loadBalancerClass: optional(string(21)),
  internalTrafficPolicy: optional(string(22)),
  trafficDistribution: optional(string(23)),
});

const PORT_STATUS = message('PortStatus', {
  port: int32(1),
  protocol: string(2),
  error: optional(string(3)),
});

const INGRESS = message('LoadBalancerIngress', {
  ip: string(1),
  hostname: string(2),
  ipMode: optional(string(3)),
  ports: list(nested(PORT_STATUS, 4)),
});

const LOAD_BALANCER_STATUS = message('LoadBalancerStatus', { ingress: list(nested(INGRESS, 1)) });

const SERVICE_STATUS = message('ServiceStatus', {
  loadBalancer: nested(LOAD_BALANCER_STATUS, 1),
  conditions: keyedList(nested(CONDITION, 2), 'type'),
});

export const SERVICE = kindMessage('Service', {
  spec: nested(SERVICE_SPEC, 2),
  status: nested(SERVICE_STATUS, 3),
});
