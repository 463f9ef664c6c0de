/** core/v1 Service as the schema has read it. */
import type { JsonObject, KubeObject } from '../objects.ts';

export interface ServiceObject extends KubeObject {
  spec: ServiceSpec;
  status?: JsonObject;
}

export interface ServiceSpec extends JsonObject {
  ports?: ServicePort[];
  selector?: Record<string, string>;
  clusterIP?: string;
  clusterIPs?: string[];
  type?: string;
  externalIPs?: string[];
  sessionAffinity?: string;
  loadBalancerIP?: string;
  loadBalancerSourceRanges?: string[];
  externalName?: string;
  externalTrafficPolicy?: string;
  healthCheckNodePort?: number;
  publishNotReadyAddresses?: boolean;
  sessionAffinityConfig?: { clientIP?: { timeoutSeconds?: number } };
  ipFamilies?: string[];
  ipFamilyPolicy?: string;
  allocateLoadBalancerNodePorts?: boolean;
  loadBalancerClass?: string;
  internalTrafficPolicy?: string;
  trafficDistribution?: string;
}

export interface ServicePort extends JsonObject {
  name?: string;
  protocol?: string;
  appProtocol?: string;
  port?: number;
  targetPort?: number | string;
  nodePort?: number;
}

export function isHeadless(spec: ServiceSpec): boolean {
  return spec.clusterIP === 'None';
}

export function isExternalName(spec: ServiceSpec): boolean {
  return spec.type === 'ExternalName';
}

/** NodePort and LoadBalancer: types that are reached at the nodes. */
export function isReachedAtNodes(spec: ServiceSpec): boolean {
  return spec.type === 'NodePort' || spec.type === 'LoadBalancer';
}

/** Whether each port has a node port: load balancers may do without. */
export function needsNodePorts(spec: ServiceSpec): boolean {
  return (
    spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
  );
}

/** Whether load balancers probe the nodes for local endpoints. */
export function needsHealthCheckPort(spec: ServiceSpec): boolean {
  return spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
}

export function isReachedFromOutside(spec: ServiceSpec): boolean {
  const isWithExternalIPs = !isExternalName(spec) && (spec.externalIPs ?? []).length > 0;
  return isReachedAtNodes(spec) || isWithExternalIPs;
}
