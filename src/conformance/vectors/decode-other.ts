import type { FieldErrors } from '../../api/field-errors.ts';
import type { Fields } from '../../api/fields.ts';
import { isNot } from '../../api/values.ts';
import type { Family } from '../../net/address.ts';
import { nested } from './decode-flow.ts';
import { refuseOthers, requiredAddress, requiredPort, requiredString, requiredWord } from './fields.ts';
import type { ConntrackEntry, HealthCheck } from './vector.ts';

const FATES: readonly ['keep', ...ConntrackEntry['expect'][]] = ['keep', 'delete', 'either'];
const TRACKED: readonly ['UDP', ...ConntrackEntry['protocol'][]] = ['UDP', 'TCP', 'SCTP'];
const FAMILY_WORDS: readonly [Family, ...Family[]] = ['IPv4', 'IPv6'];

export function decodeConntrackEntry(fields: Fields, errors: FieldErrors): ConntrackEntry {
  return {
    name: requiredString(fields, 'name', errors),
    protocol: requiredWord(fields, 'protocol', TRACKED, errors),
    origSrc: requiredAddress(fields, 'origSrc', errors),
    origDst: requiredAddress(fields, 'origDst', errors),
    origDstPort: requiredPort(fields, 'origDstPort', errors),
    replySrc: requiredAddress(fields, 'replySrc', errors),
    replySrcPort: requiredPort(fields, 'replySrcPort', errors),
    expect: requiredWord(fields, 'expect', FATES, errors),
  };
}

export function decodeHealthCheck(fields: Fields, errors: FieldErrors): HealthCheck {
  return {
    service: requiredString(fields, 'service', errors),
    family: requiredWord(fields, 'family', FAMILY_WORDS, errors),
    port: requiredPort(fields, 'port', errors),
    expect: nested(fields, 'expect', errors, decodeExpectation) ?? { listening: false },
  };
}

function decodeExpectation(fields: Fields, errors: FieldErrors): HealthCheck['expect'] {
  refuseOthers(fields, ['status', 'localEndpoints', 'listening'], errors);
  if (fields['listening'] === false) return { listening: false };
  const status = wholeNumber(fields, 'status', errors);
  if (fields['status'] === undefined) errors.add('is missing', 'status');
  const localEndpoints = wholeNumber(fields, 'localEndpoints', errors);
  return {
    listening: true,
    status: status ?? 0,
    ...(localEndpoints === undefined ? {} : { localEndpoints }),
  };
}

function wholeNumber(fields: Fields, key: string, errors: FieldErrors): number | undefined {
  const value = fields[key];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  errors.add(isNot(value, 'a whole number'), key);
  return undefined;
}
