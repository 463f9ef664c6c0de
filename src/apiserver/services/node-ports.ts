/** Node ports and the health check port. Source: pkg/registry/core/service/storage/alloc.go. */
import { type FieldError, invalidValue } from '../field-error.ts';
import type { Cluster } from '../store/cluster.ts';
import { nodePortsOf } from './allocated.ts';
import { freeIndex, lowerBandOf } from './free-index.ts';
import {
  needsHealthCheckPort,
  needsNodePorts,
  type ServicePort,
  type ServiceSpec,
} from './service-object.ts';

const FIRST = 30000;
const SIZE = 2768;
const RANGE = `${FIRST}-${FIRST + SIZE - 1}`;

/** Gives each port that needs one a node port. Errors are of ports that the user asked for. */
export function allocateNodePorts(key: string, spec: ServiceSpec, cluster: Cluster): FieldError[] {
  const errors = unavailablePorts(key, spec, cluster);
  if (errors.length > 0) return errors;
  const own = new Set(nodePortsOf(spec));
  const next = (): number | undefined => {
    const isFree = (index: number): boolean =>
      !own.has(FIRST + index) && !cluster.allocated.isNodePortTaken(FIRST + index, key);
    const index = freeIndex(SIZE, lowerBandOf(SIZE, 32, 128), cluster.random, isFree);
    if (index === undefined) return undefined;
    own.add(FIRST + index);
    return FIRST + index;
  };
  return [...(needsNodePorts(spec) ? fillPorts(spec, next) : []), ...fillHealthCheckPort(spec, next)];
}

function unavailablePorts(key: string, spec: ServiceSpec, cluster: Cluster): FieldError[] {
  const asked = (spec.ports ?? []).map((port, index) => ({
    field: `spec.ports[${index}].nodePort`,
    value: port.nodePort,
  }));
  asked.push({ field: 'spec.healthCheckNodePort', value: spec.healthCheckNodePort });
  return asked.flatMap(({ field, value }) => {
    if (value === undefined) return [];
    if (value < FIRST || value >= FIRST + SIZE) {
      return invalidValue(
        field,
        value,
        `provided port is not in the valid range. The range of valid ports is ${RANGE}`,
      );
    }
    return cluster.allocated.isNodePortTaken(value, key)
      ? invalidValue(field, value, 'provided port is already allocated')
      : [];
  });
}

/** Ports of one number share a node port over their protocols, as DNS over TCP and UDP wants. */
function fillPorts(spec: ServiceSpec, next: () => number | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const ports = spec.ports ?? [];
  for (const [index, port] of ports.entries()) {
    if (port.nodePort !== undefined) continue;
    const nodePort = sharedPort(ports, port) ?? next();
    if (nodePort === undefined) {
      errors.push(
        invalidValue(`spec.ports[${index}].nodePort`, 0, 'failed to allocate a nodePort: range is full'),
      );
    } else port.nodePort = nodePort;
  }
  return errors;
}

function sharedPort(ports: readonly ServicePort[], port: ServicePort): number | undefined {
  return ports.find(
    (it) => it.port === port.port && it.protocol !== port.protocol && it.nodePort !== undefined,
  )?.nodePort;
}

function fillHealthCheckPort(spec: ServiceSpec, next: () => number | undefined): FieldError[] {
  if (!needsHealthCheckPort(spec) || spec.healthCheckNodePort !== undefined) return [];
  const port = next();
  if (port === undefined) {
    return [invalidValue('spec.healthCheckNodePort', 0, 'failed to allocate a nodePort: range is full')];
  }
  spec.healthCheckNodePort = port;
  return [];
}
