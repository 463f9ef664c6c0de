/** Defaults and validation of EndpointSlices. Source: pkg/apis/discovery/{v1/defaults.go,validation/validation.go}. */
import { canonicalAddress, familyOf } from '../../net/address.ts';
import { duplicate, type FieldError, invalidValue, notSupported, required, tooLong } from '../field-error.ts';
import { isObject, type KubeObject, listAt } from '../objects.ts';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const MOST_ENDPOINTS = 1000;
const MOST_ADDRESSES = 100;

export function admitEndpointSlice(object: KubeObject, old: KubeObject | undefined): readonly FieldError[] {
  // The real server writes null where there are none, and so readers are met with it here too.
  object['endpoints'] ??= null;
  object['ports'] ??= null;
  const ports = listAt(object, 'ports').filter(isObject);
  for (const port of ports) {
    port['name'] ??= '';
    port['protocol'] ??= 'TCP';
  }
  const addressType = String(object['addressType'] ?? '');
  return [
    ...validateAddressType(addressType, old),
    ...validateEndpoints(object, addressType),
    ...ports.flatMap(validatePort),
    ...duplicateNames(object),
  ];
}

function validateAddressType(type: string, old: KubeObject | undefined): FieldError[] {
  if (type === '') return [required('addressType')];
  if (!ADDRESS_TYPES.includes(type)) return [notSupported('addressType', type, ADDRESS_TYPES)];
  if (old !== undefined && old['addressType'] !== type)
    return [invalidValue('addressType', type, 'field is immutable')];
  return [];
}

function validateEndpoints(object: KubeObject, type: string): FieldError[] {
  const endpoints = listAt(object, 'endpoints');
  if (endpoints.length > MOST_ENDPOINTS)
    return [tooLong('endpoints', `must have at most ${MOST_ENDPOINTS} items`)];
  return endpoints.flatMap((endpoint, index) => {
    const field = `endpoints[${index}].addresses`;
    const addresses = listAt(endpoint, 'addresses').map(String);
    if (addresses.length === 0) return required(field, 'must contain at least 1 address');
    if (addresses.length > MOST_ADDRESSES) return tooLong(field, `must have at most ${MOST_ADDRESSES} items`);
    return addresses.flatMap((address, at) => validateAddress(address, type, `${field}[${at}]`));
  });
}

function validateAddress(address: string, type: string, field: string): FieldError[] {
  if (type === 'FQDN' || !ADDRESS_TYPES.includes(type)) return [];
  const isOfType = familyOf(address) === type && canonicalAddress(address) !== undefined;
  return isOfType ? [] : [invalidValue(field, address, `must be a valid ${type} address`)];
}

function validatePort(port: Record<string, unknown>, index: number): FieldError[] {
  const { port: number, protocol } = port;
  const errors: FieldError[] = [];
  if (typeof number === 'number' && (number < 1 || number > 65535)) {
    errors.push(invalidValue(`ports[${index}].port`, number, 'must be between 1 and 65535, inclusive'));
  }
  if (!PROTOCOLS.includes(String(protocol)))
    errors.push(notSupported(`ports[${index}].protocol`, protocol, PROTOCOLS));
  return errors;
}

function duplicateNames(object: KubeObject): FieldError[] {
  const names = listAt(object, 'ports').map((port) => (isObject(port) ? port['name'] : ''));
  return names.flatMap((name, index) => (names.indexOf(name) < index ? duplicate('ports', name) : []));
}
