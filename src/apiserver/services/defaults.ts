/** Defaults of Services. Source: pkg/apis/core/v1/defaults.go, SetDefaults_Service. */
import {
  isExternalName,
  isReachedFromOutside,
  type ServicePort,
  type ServiceSpec,
} from './service-object.ts';

const AFFINITY_SECONDS = 10800;

/** Sets what the user left open. Allocations are not defaults; they come later. */
export function setDefaults(spec: ServiceSpec): void {
  spec.type ??= 'ClusterIP';
  defaultAffinity(spec);
  for (const port of spec.ports ?? []) defaultPort(port);
  if (isReachedFromOutside(spec)) spec.externalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  if (!isExternalName(spec)) spec.internalTrafficPolicy ??= 'Cluster';
}

function defaultAffinity(spec: ServiceSpec): void {
  spec.sessionAffinity ??= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity !== 'ClientIP') return;
  const timeoutSeconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_SECONDS;
  spec.sessionAffinityConfig = { clientIP: { timeoutSeconds } };
}

function defaultPort(port: ServicePort): void {
  port.protocol ??= 'TCP';
  if (port.targetPort === undefined || port.targetPort === '' || port.targetPort === 0) {
    if (port.port !== undefined) port.targetPort = port.port;
  }
}
