/**
 * discovery.k8s.io/v1 EndpointSlice, from an untyped value. Rules: section 2 of the behaviour spec.
 *
 * The hot path of a busy cluster: a slice comes with every pod that starts, stops or gets ready.
 */
import { FAMILIES, type Family } from '../net/address.ts';
import { endpointAddress } from './endpoint-address.ts';
import type { FieldErrors } from './field-errors.ts';
import {
  booleanField,
  type Fields,
  objectListField,
  portField,
  stringField,
  stringListField,
  wordField,
} from './fields.ts';
import { decodeMetadata } from './metadata.ts';
import { checkLabelName } from './names.ts';
import { type Endpoint, type EndpointPort, type EndpointSlice, PROTOCOLS } from './objects.ts';
import { sectionField } from './sections.ts';

const ADDRESS_TYPES = [...FAMILIES, 'FQDN'] as const;

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Reads an EndpointSlice; the addresses in use become canonical text. The result is good only if no error was added. */
export function decodeEndpointSlice(fields: Fields, errors: FieldErrors): EndpointSlice {
  const { namespace, name, labels } = sectionField(fields, 'metadata', errors, decodeMetadata);
  const addressType = decodeAddressType(fields, errors);
  const family = FAMILIES.find((known) => known === addressType);
  return {
    kind: 'EndpointSlice',
    namespace,
    name,
    labels,
    addressType,
    ports: objectListField(fields, 'ports', errors, decodePort),
    endpoints: objectListField(fields, 'endpoints', errors, (endpoint) =>
      decodeEndpoint(endpoint, family, errors),
    ),
  };
}

function decodeAddressType(fields: Fields, errors: FieldErrors): string {
  const before = errors.count;
  const type = wordField(fields, 'addressType', ADDRESS_TYPES, errors);
  if (type === undefined && errors.count === before) errors.add('is missing', 'addressType');
  return type ?? '';
}

/** Absent name and number stay absent: such ports serve nothing (EP-04, EP-05). */
function decodePort(fields: Fields, errors: FieldErrors): EndpointPort {
  const name = stringField(fields, 'name', errors);
  if (name !== undefined && name !== '') checkLabelName(name, 'name', errors);
  const endpointPort: Writable<EndpointPort> = {
    protocol: wordField(fields, 'protocol', PROTOCOLS, errors) ?? 'TCP',
  };
  const port = portField(fields, 'port', errors, 0);
  if (name !== undefined) endpointPort.name = name;
  if (port !== undefined) endpointPort.port = port;
  return endpointPort;
}

function decodeEndpoint(fields: Fields, family: Family | undefined, errors: FieldErrors): Endpoint {
  const endpoint: Writable<Endpoint> = { addresses: decodeAddresses(fields, family, errors) };
  sectionField(fields, 'conditions', errors, (conditions) => {
    const ready = booleanField(conditions, 'ready', errors);
    const serving = booleanField(conditions, 'serving', errors);
    const terminating = booleanField(conditions, 'terminating', errors);
    if (ready !== undefined) endpoint.ready = ready;
    if (serving !== undefined) endpoint.serving = serving;
    if (terminating !== undefined) endpoint.terminating = terminating;
  });
  const nodeName = stringField(fields, 'nodeName', errors);
  if (nodeName !== undefined) endpoint.nodeName = nodeName;
  sectionField(fields, 'hints', errors, (hints) => {
    const zones = decodeHints(hints, 'forZones', errors);
    const nodes = decodeHints(hints, 'forNodes', errors);
    if (zones.length > 0) endpoint.zoneHints = zones;
    if (nodes.length > 0) endpoint.nodeHints = nodes;
  });
  return endpoint;
}

function decodeHints(hints: Fields, key: string, errors: FieldErrors): readonly string[] {
  return objectListField(hints, key, errors, (hint) => stringField(hint, 'name', errors) ?? '');
}

/** The first address becomes canonical text; the others are not used (EP-07) and stay as they are. */
function decodeAddresses(fields: Fields, family: Family | undefined, errors: FieldErrors): readonly string[] {
  const addresses = stringListField(fields, 'addresses', errors);
  const first = addresses[0];
  if (first === undefined || family === undefined) return addresses;
  const address = endpointAddress(first, family, errors);
  return address === first ? addresses : [address, ...addresses.slice(1)];
}
