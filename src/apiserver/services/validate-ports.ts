/** Validation of Service ports. Source: pkg/apis/core/validation/validation.go, validateServicePort. */
import {
  duplicate,
  type FieldError,
  forbidden,
  invalidValue,
  notSupported,
  required,
} from '../field-error.ts';
import { isReachedAtNodes, type ServicePort, type ServiceSpec } from './service-object.ts';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const PORT_RANGE = 'must be between 1 and 65535, inclusive';
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";

/** The faults of all ports. */
export function validatePorts(spec: ServiceSpec): FieldError[] {
  const ports = spec.ports ?? [];
  const isNameNeeded = ports.length > 1;
  return [
    ...ports.flatMap((port, index) => validatePort(spec, port, `spec.ports[${index}]`, isNameNeeded)),
    ...duplicates(ports),
  ];
}

function validatePort(
  spec: ServiceSpec,
  port: ServicePort,
  field: string,
  isNameNeeded: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  if (port.name === undefined) {
    if (isNameNeeded) errors.push(required(`${field}.name`));
  } else if (!DNS_LABEL.test(port.name)) errors.push(invalidValue(`${field}.name`, port.name, LABEL_RULE));
  if (!isPort(port.port)) errors.push(invalidValue(`${field}.port`, port.port ?? 0, PORT_RANGE));
  if (!PROTOCOLS.includes(port.protocol ?? ''))
    errors.push(notSupported(`${field}.protocol`, port.protocol ?? '', PROTOCOLS));
  errors.push(...validateTargetPort(port.targetPort, `${field}.targetPort`));
  if (port.nodePort !== undefined && !isReachedAtNodes(spec)) {
    errors.push(forbidden(`${field}.nodePort`, `may not be used when \`type\` is '${spec.type}'`));
  }
  return errors;
}

function validateTargetPort(target: number | string | undefined, field: string): FieldError[] {
  if (typeof target === 'number') return isPort(target) ? [] : [invalidValue(field, target, PORT_RANGE)];
  if (target === undefined) return [];
  const isName = target.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(target) && /[a-z]/.test(target);
  return isName
    ? []
    : [
        invalidValue(
          field,
          target,
          'must be a port name: at most 15 lower case alphanumeric characters or -, at least one letter',
        ),
      ];
}

function isPort(value: number | undefined): boolean {
  return value !== undefined && value >= 1 && value <= 65535;
}

function duplicates(ports: readonly ServicePort[]): FieldError[] {
  return [
    ...repeated(
      ports,
      'name',
      (port) => port.name,
      (port) => port.name,
    ),
    ...repeated(
      ports,
      '',
      ({ port, protocol }) => `${port}/${protocol}`,
      ({ port, protocol }) => ({ protocol, port }),
    ),
    ...repeated(
      ports,
      'nodePort',
      ({ nodePort, protocol }) => (nodePort === undefined ? undefined : `${nodePort}/${protocol}`),
      (port) => port.nodePort,
    ),
  ];
}

function repeated(
  ports: readonly ServicePort[],
  name: string,
  keyOf: (port: ServicePort) => string | undefined,
  shown: (port: ServicePort) => unknown,
): FieldError[] {
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const key = keyOf(port);
    if (key === undefined) return [];
    const isSeen = seen.has(key);
    seen.add(key);
    return isSeen ? duplicate(`spec.ports[${index}]${name === '' ? '' : `.${name}`}`, shown(port)) : [];
  });
}
