/**
 * What an update takes from the version before: allocations that the user did not repeat, and the end of fields that the
 * new type has no use for. Source: pkg/registry/core/service/strategy.go and storage/storage.go.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  isExternalName,
  isReachedFromOutside,
  needsHealthCheckPort,
  needsNodePorts,
  type ServicePort,
  type ServiceSpec,
} from './service-object.ts';

/** Makes `clusterIP` and `clusterIPs` say the same where the user changed only one of them. */
export function alignClusterIPs(spec: ServiceSpec, old: ServiceSpec | undefined): void {
  const { clusterIP, clusterIPs = [] } = spec;
  if (old === undefined) {
    if (clusterIP !== undefined && clusterIPs.length === 0) spec.clusterIPs = [clusterIP];
    return;
  }
  const isSameList = isDeepStrictEqual(clusterIPs, old.clusterIPs ?? []);
  if (!isSameList || clusterIP === old.clusterIP) return;
  if (clusterIP === undefined) delete spec.clusterIPs;
  else spec.clusterIPs = [clusterIP, ...clusterIPs.slice(1)];
}

/** Keeps cluster IPs and node ports that the new version leaves open. */
export function keepAllocations(spec: ServiceSpec, old: ServiceSpec): void {
  if (!isExternalName(spec) && !isExternalName(old)) keepClusterIPs(spec, old);
  if (needsNodePorts(spec) && needsNodePorts(old)) keepNodePorts(spec.ports ?? [], old.ports ?? []);
  if (needsHealthCheckPort(spec) && needsHealthCheckPort(old) && old.healthCheckNodePort !== undefined) {
    spec.healthCheckNodePort ??= old.healthCheckNodePort;
  }
}

function keepClusterIPs(spec: ServiceSpec, old: ServiceSpec): void {
  if (spec.clusterIP === undefined && old.clusterIP !== undefined) spec.clusterIP = old.clusterIP;
  if (spec.clusterIPs === undefined && old.clusterIPs !== undefined && spec.clusterIP === old.clusterIP) {
    spec.clusterIPs = [...old.clusterIPs];
  }
}

function keepNodePorts(ports: readonly ServicePort[], oldPorts: readonly ServicePort[]): void {
  const used = new Set(ports.map((port) => `${port.nodePort}/${port.protocol}`));
  for (const port of ports) {
    const before = oldPorts.find((it) => it.port === port.port && it.protocol === port.protocol);
    if (port.nodePort !== undefined || before?.nodePort === undefined) continue;
    if (!used.has(`${before.nodePort}/${before.protocol}`)) port.nodePort = before.nodePort;
  }
}

/** Drops what the old type needed and the new one refuses, unless the user has set it to something else. */
export function dropUnneeded(spec: ServiceSpec, old: ServiceSpec): void {
  if (isExternalName(spec) && !isExternalName(old)) dropClusterIPs(spec, old);
  if (!needsNodePorts(spec) && needsNodePorts(old)) dropNodePorts(spec.ports ?? [], old.ports ?? []);
  if (!needsHealthCheckPort(spec) && spec.healthCheckNodePort === old.healthCheckNodePort)
    delete spec.healthCheckNodePort;
  if (spec.type === 'LoadBalancer') return;
  if (spec.allocateLoadBalancerNodePorts === old.allocateLoadBalancerNodePorts)
    delete spec.allocateLoadBalancerNodePorts;
  if (spec.loadBalancerClass === old.loadBalancerClass) delete spec.loadBalancerClass;
  if (!isReachedFromOutside(spec) && spec.externalTrafficPolicy === old.externalTrafficPolicy)
    delete spec.externalTrafficPolicy;
}

function dropClusterIPs(spec: ServiceSpec, old: ServiceSpec): void {
  if (spec.clusterIP === old.clusterIP) delete spec.clusterIP;
  if (isDeepStrictEqual(spec.clusterIPs, old.clusterIPs)) delete spec.clusterIPs;
  if (isDeepStrictEqual(spec.ipFamilies, old.ipFamilies)) delete spec.ipFamilies;
  if (spec.ipFamilyPolicy === old.ipFamilyPolicy) delete spec.ipFamilyPolicy;
  if (spec.internalTrafficPolicy === old.internalTrafficPolicy) delete spec.internalTrafficPolicy;
}

function dropNodePorts(ports: readonly ServicePort[], oldPorts: readonly ServicePort[]): void {
  const old = new Set(oldPorts.map((port) => port.nodePort));
  for (const port of ports) if (old.has(port.nodePort)) delete port.nodePort;
}
