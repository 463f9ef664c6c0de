/** Ports of Services, whichever encoding they came in. */
import type { FieldErrors } from './field-errors.ts';
import { checkLabelName } from './names.ts';
import { PROTOCOLS, type ServicePort } from './objects.ts';
import { portOf, wordOf } from './values.ts';

export interface ServicePortParts {
  readonly name: string | undefined;
  readonly protocol: unknown;
  readonly port: unknown;
  readonly nodePort: unknown;
}

/** The result is good only if no error was added. */
export function servicePortOf(parts: ServicePortParts, errors: FieldErrors): ServicePort {
  const { name = '', protocol, port, nodePort } = parts;
  if (name !== '') checkLabelName(name, 'name', errors);
  const hasProtocol = protocol !== undefined && protocol !== '';
  if (port === undefined) errors.add('is missing', 'port');
  return {
    name,
    protocol: (hasProtocol && wordOf(protocol, 'protocol', PROTOCOLS, errors)) || 'TCP',
    port: (port !== undefined && portOf(port, 'port', 1, errors)) || 0,
    nodePort: (nodePort !== undefined && portOf(nodePort, 'nodePort', 0, errors)) || 0,
  };
}

/** Two ports with one protocol and number, or with one name, would be two entries with one key (SVC-06, SVC-07). */
export function checkTwins(ports: readonly ServicePort[], errors: FieldErrors): void {
  if (ports.length < 2) return;
  checkUnique(ports, 'port', ({ port, protocol }) => port && `${port}/${protocol}`, errors);
  checkUnique(ports, 'name', ({ name }) => JSON.stringify(name), errors);
  checkUnique(ports, 'nodePort', ({ nodePort, protocol }) => nodePort && `${nodePort}/${protocol}`, errors);
}

/** No two ports have the same `key`, as far as they have one that is not 0. */
function checkUnique(
  ports: readonly ServicePort[],
  field: keyof ServicePort,
  keyOf: (port: ServicePort) => string | number,
  errors: FieldErrors,
): void {
  const first = new Map<string, number>();
  for (const [index, port] of ports.entries()) {
    const key = keyOf(port);
    if (typeof key === 'number') continue;
    const twin = first.get(key);
    if (twin === undefined) first.set(key, index);
    else errors.add(`${key} is the ${field} of ports[${twin}] too`, 'ports', index, field);
  }
}
