/** core/v1 Service, from an untyped value. Rules: section 1 of the behaviour spec. */
import { canonicalAddress, FAMILIES, familyOf } from '../net/address.ts';
import { decodeLoadBalancerIPs } from './decode-load-balancer.ts';
import { decodeServicePorts } from './decode-service-ports.ts';
import { decodeTraffic, type Traffic } from './decode-traffic.ts';
import type { FieldErrors } from './field-errors.ts';
import { type Fields, isNot, stringField, stringListField, wordField } from './fields.ts';
import { decodeMetadata } from './metadata.ts';
import type { Service } from './objects.ts';
import { sectionField } from './sections.ts';

const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const;

type Spec = Pick<Service, 'type' | 'clusterIP' | 'clusterIPs' | 'ipFamilies' | 'ports'> & Traffic;

/** Reads a Service; its addresses become canonical text. The result is good only if no error was added. */
export function decodeService(fields: Fields, errors: FieldErrors): Service {
  const { namespace, name, labels } = sectionField(fields, 'metadata', errors, decodeMetadata);
  const spec = sectionField(fields, 'spec', errors, decodeSpec);
  const loadBalancerIPs = sectionField(fields, 'status', errors, decodeLoadBalancerIPs);
  return { kind: 'Service', namespace, name, labels, ...spec, loadBalancerIPs };
}

function decodeSpec(fields: Fields, errors: FieldErrors): Spec {
  const type = wordField(fields, 'type', TYPES, errors) ?? 'ClusterIP';
  const clusterIP = clusterAddress(stringField(fields, 'clusterIP', errors) ?? '', errors, 'clusterIP');
  const clusterIPs = stringListField(fields, 'clusterIPs', errors).map((text, index) =>
    clusterAddress(text, errors, 'clusterIPs', index),
  );
  const ipFamilies = stringListField(fields, 'ipFamilies', errors);
  checkFamilies(ipFamilies, clusterIPs, errors);
  const needsPorts = type !== 'ExternalName' && clusterIP !== 'None';
  const ports = decodeServicePorts(fields, needsPorts, errors);
  return { type, clusterIP, clusterIPs, ipFamilies, ports, ...decodeTraffic(fields, errors) };
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
