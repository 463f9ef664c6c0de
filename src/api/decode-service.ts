/** core/v1 Service, from an untyped value. Rules: section 1 of the behaviour spec. */
import { canonicalAddress, FAMILIES, familyOf } from '../net/address.ts';
import type { FieldErrors } from './field-errors.ts';
import {
  type Fields,
  isNot,
  objectListField,
  portField,
  stringField,
  stringListField,
  wordField,
} from './fields.ts';
import { decodeMetadata } from './metadata.ts';
import { checkLabelName } from './names.ts';
import { PROTOCOLS, type Service, type ServicePort } from './objects.ts';
import { sectionField } from './sections.ts';

const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const;

type Spec = Pick<Service, 'type' | 'clusterIP' | 'clusterIPs' | 'ipFamilies' | 'ports'>;

/** Reads a Service; cluster IPs become canonical text. The result is good only if no error was added. */
export function decodeService(fields: Fields, errors: FieldErrors): Service {
  const { namespace, name, labels } = sectionField(fields, 'metadata', errors, decodeMetadata);
  const spec = sectionField(fields, 'spec', errors, decodeSpec);
  return { kind: 'Service', namespace, name, labels, ...spec };
}

function decodeSpec(fields: Fields, errors: FieldErrors): Spec {
  const type = wordField(fields, 'type', TYPES, errors) ?? 'ClusterIP';
  const clusterIP = clusterAddress(stringField(fields, 'clusterIP', errors) ?? '', errors, 'clusterIP');
  const clusterIPs = stringListField(fields, 'clusterIPs', errors).map((text, index) =>
    clusterAddress(text, errors, 'clusterIPs', index),
  );
  const ipFamilies = stringListField(fields, 'ipFamilies', errors);
  checkFamilies(ipFamilies, clusterIPs, errors);
  const ports = objectListField(fields, 'ports', errors, decodePort);
  checkPorts(ports, fields, { type, clusterIP }, errors);
  return { type, clusterIP, clusterIPs, ipFamilies, ports };
}

/** Canonical text of a cluster IP; "" (not allocated) and "None" (headless) stay. */
function clusterAddress(text: string, errors: FieldErrors, ...path: (string | number)[]): string {
  if (text === '' || text === 'None') return text;
  const address = canonicalAddress(text);
  if (address === undefined) errors.add(isNot(text, 'an IP address, "None" or ""'), ...path);
  return address ?? text;
}

/** Each family once, and `clusterIPs[i]` of `ipFamilies[i]`: else an address enters the other family's table (SVC-05). */
function checkFamilies(families: readonly string[], addresses: readonly string[], errors: FieldErrors): void {
  for (const [index, family] of families.entries()) {
    const address = addresses[index] ?? '';
    if (!FAMILIES.some((known) => known === family)) {
      errors.add(isNot(family, `one of ${FAMILIES.join(', ')}`), 'ipFamilies', index);
    } else if (families.indexOf(family) < index) {
      errors.add(`${family} is in the list twice`, 'ipFamilies', index);
    } else if (canonicalAddress(address) !== undefined && familyOf(address) !== family) {
      errors.add(isNot(address, `an ${family} address (ipFamilies[${index}])`), 'clusterIPs', index);
    }
  }
}

function decodePort(fields: Fields, errors: FieldErrors): ServicePort {
  const name = stringField(fields, 'name', errors) ?? '';
  if (name !== '') checkLabelName(name, 'name', errors);
  const protocol = wordField(fields, 'protocol', PROTOCOLS, errors) ?? 'TCP';
  const before = errors.count;
  const port = portField(fields, 'port', errors);
  if (port === undefined && errors.count === before) errors.add('is missing', 'port');
  return { name, protocol, port: port ?? 0 };
}

function checkPorts(
  ports: readonly ServicePort[],
  fields: Fields,
  service: Pick<Service, 'type' | 'clusterIP'>,
  errors: FieldErrors,
): void {
  const needsPorts = service.type !== 'ExternalName' && service.clusterIP !== 'None';
  const given = fields['ports'] ?? [];
  if (needsPorts && Array.isArray(given) && given.length === 0) errors.add('is missing', 'ports');
  checkTwins(ports, errors);
}

/** Two ports with one protocol and number, or with one name, would be two entries with one key (SVC-06, SVC-07). */
function checkTwins(ports: readonly ServicePort[], errors: FieldErrors): void {
  const names = new Map<string, number>();
  const numbers = new Map<string, number>();
  for (const [index, { name, protocol, port }] of ports.entries()) {
    const number = `${port}/${protocol}`;
    const sameNumber = port === 0 ? undefined : numbers.get(number);
    const sameName = names.get(name);
    if (sameNumber !== undefined)
      errors.add(`${number} is the port of ports[${sameNumber}] too`, 'ports', index, 'port');
    else numbers.set(number, index);
    if (sameName !== undefined)
      errors.add(`"${name}" is the name of ports[${sameName}] too`, 'ports', index, 'name');
    else names.set(name, index);
  }
}
