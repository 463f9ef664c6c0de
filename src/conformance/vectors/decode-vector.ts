import { decodeObject, type TypeMeta } from '../../api/decode.ts';
import type { FieldErrors } from '../../api/field-errors.ts';
import { type Fields, isFields, objectListField, stringField, stringListField } from '../../api/fields.ts';
import type { ApiObject } from '../../api/objects.ts';
import { isNot } from '../../api/values.ts';
import type { ProxyConfig } from '../../config/proxy-config.ts';
import { ConfigError, readProxyConfig } from '../../config/read-proxy-config.ts';
import { canonicalAddress, familyOf, parseCidr } from '../../net/address.ts';
import { decodeFlow, decodeSequence, nested } from './decode-flow.ts';
import { decodeConntrackEntry, decodeHealthCheck } from './decode-other.ts';
import { list, requiredString } from './fields.ts';
import type { Vector, VectorNode } from './vector.ts';

/** Reads one vector. What is wrong with it goes to the errors; with any, the vector is good for nothing. */
export function decodeVector(fields: Fields, errors: FieldErrors): Vector {
  const node = nested(fields, 'node', errors, decodeNode) ?? { name: '', ips: [], podCIDRs: [] };
  return {
    id: requiredString(fields, 'id', errors),
    title: stringField(fields, 'title', errors) ?? '',
    rules: stringListField(fields, 'rules', errors),
    node,
    config: decodeConfig(fields, node.name || 'unknown', errors),
    objects: [
      ...nodeObject(fields, errors),
      ...serviceCIDRs(fields, errors),
      ...decodeObjects(fields, 'services', { kind: 'Service', apiVersion: 'v1' }, errors),
      ...decodeObjects(
        fields,
        'endpointSlices',
        { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' },
        errors,
      ),
    ],
    flows: objectListField(fields, 'flows', errors, decodeFlow),
    sequences: objectListField(fields, 'sequences', errors, decodeSequence),
    conntrack: objectListField(fields, 'conntrack', errors, decodeConntrackEntry),
    healthChecks: objectListField(fields, 'healthChecks', errors, decodeHealthCheck),
  };
}

function decodeNode(fields: Fields, errors: FieldErrors): VectorNode {
  return {
    name: requiredString(fields, 'name', errors),
    ips: each(fields, 'ips', errors, 'an IP address', canonicalAddress),
    podCIDRs: cidrList(fields, 'podCIDRs', errors),
  };
}

function cidrList(fields: Fields, key: string, errors: FieldErrors): readonly string[] {
  return each(fields, key, errors, 'a CIDR', (text) => {
    const cidr = parseCidr(text);
    return cidr && `${cidr.address}/${cidr.prefixLength}`;
  });
}

function each(
  fields: Fields,
  key: string,
  errors: FieldErrors,
  what: string,
  read: (text: string) => string | undefined,
): readonly string[] {
  return list(fields, key, errors).flatMap((value, index) => {
    const item = typeof value === 'string' ? read(value) : undefined;
    if (item === undefined) errors.add(isNot(value, what), key, index);
    return item ?? [];
  });
}

function decodeConfig(fields: Fields, nodeName: string, errors: FieldErrors): ProxyConfig {
  try {
    return readProxyConfig(fields['config'] ?? {}, nodeName);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) errors.add(fault, 'config');
    return readProxyConfig({}, 'unknown');
  }
}

const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** The Node object as the API server would give it: the first address of each family is its InternalIP. */
function nodeObject(fields: Fields, errors: FieldErrors): readonly ApiObject[] {
  const { node } = fields;
  if (!isFields(node)) return [];
  const ips = list(node, 'ips', errors).filter((ip) => typeof ip === 'string');
  const primaries = ips.filter((ip, index) => ips.findIndex((it) => familyOf(it) === familyOf(ip)) === index);
  const { labels, zone } = node;
  const object = {
    metadata: {
      name: node['name'],
      labels: {
        ...(isFields(labels) ? labels : {}),
        ...(typeof zone === 'string' ? { [ZONE_LABEL]: zone } : {}),
      },
    },
    spec: { podCIDRs: node['podCIDRs'] },
    status: { addresses: primaries.map((address) => ({ type: 'InternalIP', address })) },
  };
  return decodeOne(object, { kind: 'Node', apiVersion: 'v1' }, ['node'], errors);
}

/** One object for each range: a ServiceCIDR has at most one of a family. */
function serviceCIDRs(fields: Fields, errors: FieldErrors): readonly ApiObject[] {
  return cidrList(fields, 'serviceCIDRs', errors).flatMap((cidr, index) =>
    decodeOne(
      { metadata: { name: `range-${index}` }, spec: { cidrs: [cidr] } },
      { kind: 'ServiceCIDR', apiVersion: 'networking.k8s.io/v1' },
      ['serviceCIDRs', index],
      errors,
    ),
  );
}

function decodeObjects(
  fields: Fields,
  key: string,
  type: TypeMeta,
  errors: FieldErrors,
): readonly ApiObject[] {
  return list(fields, key, errors).flatMap((value, index) => decodeOne(value, type, [key, index], errors));
}

function decodeOne(
  value: unknown,
  type: TypeMeta,
  path: readonly (string | number)[],
  errors: FieldErrors,
): readonly ApiObject[] {
  const decoded = decodeObject(value, type);
  if ('object' in decoded) return [decoded.object];
  if ('ignored' in decoded) errors.add(`${decoded.ignored} is not ${type.kind}`, ...path, 'kind');
  else for (const error of decoded.errors) errors.add(error.message, ...path, ...error.path);
  return [];
}
