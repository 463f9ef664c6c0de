/**
 * EndpointSlices from their parts, whichever encoding those came in. Rules: section 2 of the behaviour spec.
 *
 * The hot path of a busy cluster: a slice comes with every pod that starts, stops or gets ready.
 */
import { FAMILIES, type Family } from '../net/address.ts';
import { endpointAddress } from './endpoint-address.ts';
import type { FieldErrors } from './field-errors.ts';
import type { Metadata } from './metadata.ts';
import { checkLabelName } from './names.ts';
import { type Endpoint, type EndpointPort, type EndpointSlice, PROTOCOLS } from './objects.ts';
import { portOf, wordOf } from './values.ts';

const ADDRESS_TYPES = [...FAMILIES, 'FQDN'] as const;

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export interface SliceParts {
  readonly metadata: Metadata;
  readonly addressType: unknown;
  readonly ports: readonly EndpointPort[];
  /** Their addresses are not checked yet. */
  readonly endpoints: Endpoint[];
}

/** The addresses in use become canonical text. The result is good only if no error was added. */
export function endpointSliceOf(parts: SliceParts, errors: FieldErrors): EndpointSlice {
  const { ports, endpoints } = parts;
  const { namespace, name, labels } = parts.metadata;
  const addressType = addressTypeOf(parts.addressType, errors);
  const family = FAMILIES.find((known) => known === addressType);
  if (family !== undefined) checkAddresses(endpoints, family, errors);
  return { kind: 'EndpointSlice', namespace, name, labels, addressType, ports, endpoints };
}

function addressTypeOf(type: unknown, errors: FieldErrors): string {
  if (type !== undefined && type !== '') return wordOf(type, 'addressType', ADDRESS_TYPES, errors) ?? '';
  errors.add('is missing', 'addressType');
  return '';
}

/** The first address of each becomes canonical text; the others are not used (EP-07) and stay as they are. */
function checkAddresses(endpoints: Endpoint[], family: Family, errors: FieldErrors): void {
  for (let index = 0; index < endpoints.length; index++) {
    const endpoint = endpoints[index];
    const first = endpoint?.addresses[0];
    if (endpoint === undefined || first === undefined) continue;
    const before = errors.count;
    const address = endpointAddress(first, family, errors);
    if (errors.count > before) errors.nest(before, 'endpoints', index);
    if (address !== first)
      endpoints[index] = { ...endpoint, addresses: [address, ...endpoint.addresses.slice(1)] };
  }
}

/** Absent name and number stay absent: such ports serve nothing (EP-04, EP-05). */
export function endpointPortOf(
  name: string | undefined,
  protocol: unknown,
  port: unknown,
  errors: FieldErrors,
): EndpointPort {
  if (name !== undefined && name !== '') checkLabelName(name, 'name', errors);
  const known = protocol === undefined ? 'TCP' : wordOf(protocol, 'protocol', PROTOCOLS, errors);
  const number = port === undefined ? undefined : portOf(port, 'port', 0, errors);
  const endpointPort: Writable<EndpointPort> = { protocol: known ?? 'TCP' };
  if (name !== undefined) endpointPort.name = name;
  if (number !== undefined) endpointPort.port = number;
  return endpointPort;
}

/** Unset conditions stay unset: EP-10 says what that means. */
export interface Conditions {
  readonly ready: boolean | undefined;
  readonly serving: boolean | undefined;
  readonly terminating: boolean | undefined;
}

export interface Hints {
  readonly zones: readonly string[];
  readonly nodes: readonly string[];
}

export const NO_CONDITIONS: Conditions = { ready: undefined, serving: undefined, terminating: undefined };
export const NO_HINTS: Hints = { zones: [], nodes: [] };

export function endpointOf(
  addresses: readonly string[],
  conditions: Conditions,
  nodeName: string | undefined,
  { zones, nodes }: Hints,
): Endpoint {
  const endpoint = withConditions(addresses, conditions, nodeName);
  if (zones.length > 0) endpoint.zoneHints = zones;
  if (nodes.length > 0) endpoint.nodeHints = nodes;
  return endpoint;
}

function withConditions(
  addresses: readonly string[],
  { ready, serving, terminating }: Conditions,
  nodeName: string | undefined,
): Writable<Endpoint> {
  // What controllers write is made in one go: an object that grows field by field takes V8 twice the memory.
  if (ready !== undefined && serving !== undefined && terminating !== undefined && nodeName !== undefined)
    return { addresses, ready, serving, terminating, nodeName };
  const endpoint: Writable<Endpoint> = { addresses };
  if (ready !== undefined) endpoint.ready = ready;
  if (serving !== undefined) endpoint.serving = serving;
  if (terminating !== undefined) endpoint.terminating = terminating;
  if (nodeName !== undefined) endpoint.nodeName = nodeName;
  return endpoint;
}
