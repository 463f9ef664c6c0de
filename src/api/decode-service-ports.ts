/** `spec.ports` of a Service. Contract as in fields.ts. */
import type { FieldErrors } from './field-errors.ts';
import { type Fields, objectListField, portField, stringField, wordField } from './fields.ts';
import { checkLabelName } from './names.ts';
import { PROTOCOLS, type ServicePort } from './objects.ts';

/** Reads the ports. An error is added if there are none although the Service `needsPorts`. */
export function decodeServicePorts(
  spec: Fields,
  needsPorts: boolean,
  errors: FieldErrors,
): readonly ServicePort[] {
  const ports = objectListField(spec, 'ports', errors, decodePort);
  const given = spec['ports'] ?? [];
  if (needsPorts && Array.isArray(given) && given.length === 0) errors.add('is missing', 'ports');
  checkTwins(ports, errors);
  return ports;
}

function decodePort(fields: Fields, errors: FieldErrors): ServicePort {
  const name = stringField(fields, 'name', errors) ?? '';
  if (name !== '') checkLabelName(name, 'name', errors);
  const protocol = wordField(fields, 'protocol', PROTOCOLS, errors) ?? 'TCP';
  const before = errors.count;
  const port = portField(fields, 'port', errors);
  if (port === undefined && errors.count === before) errors.add('is missing', 'port');
  const nodePort = portField(fields, 'nodePort', errors, 0) ?? 0;
  return { name, protocol, port: port ?? 0, nodePort };
}

/** Two ports with one protocol and number, or with one name, would be two entries with one key (SVC-06, SVC-07). */
function checkTwins(ports: readonly ServicePort[], errors: FieldErrors): void {
  checkUnique(
    ports,
    'port',
    ({ port, protocol }) => (port === 0 ? undefined : `${port}/${protocol}`),
    errors,
  );
  checkUnique(ports, 'name', ({ name }) => JSON.stringify(name), errors);
  checkUnique(
    ports,
    'nodePort',
    ({ nodePort, protocol }) => (nodePort === 0 ? undefined : `${nodePort}/${protocol}`),
    errors,
  );
}

/** No two ports have the same `key`, as far as they have one. */
function checkUnique(
  ports: readonly ServicePort[],
  field: keyof ServicePort,
  keyOf: (port: ServicePort) => string | undefined,
  errors: FieldErrors,
): void {
  const first = new Map<string, number>();
  for (const [index, port] of ports.entries()) {
    const key = keyOf(port);
    if (key === undefined) continue;
    const twin = first.get(key);
    if (twin === undefined) first.set(key, index);
    else errors.add(`${key} is the ${field} of ports[${twin}] too`, 'ports', index, field);
  }
}
