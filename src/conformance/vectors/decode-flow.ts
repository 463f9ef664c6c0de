import type { FieldErrors } from '../../api/field-errors.ts';
import {
  booleanField,
  type Fields,
  isFields,
  objectListField,
  stringField,
  stringListField,
} from '../../api/fields.ts';
import { isNot } from '../../api/values.ts';
import { familyOf } from '../../net/address.ts';
import type { Transport } from '../packets/packet.ts';
import {
  endpointList,
  list,
  refuseOthers,
  requiredAddress,
  requiredPort,
  requiredString,
  requiredWord,
} from './fields.ts';
import type { Expectation, FirstPacket, Flow, Origin, Sequence, Step } from './vector.ts';

const ORIGIN_WORDS: readonly [Origin, ...Origin[]] = ['node', 'local-pod', 'remote-pod', 'external'];
const PROTOCOL_WORDS: readonly [Transport, ...Transport[]] = ['TCP', 'UDP', 'SCTP', 'ICMP'];

export function decodeFlow(fields: Fields, errors: FieldErrors): Flow {
  const packet = decodePacket(fields, errors);
  const expect = nested(fields, 'expect', errors, decodeExpectation);
  const backends = stringListField(fields, 'backends', errors);
  return {
    ...packet,
    ...('backends' in fields ? { backends } : {}),
    expect: expect ?? { action: 'none' },
  };
}

export function decodeSequence(fields: Fields, errors: FieldErrors): Sequence {
  const name = requiredString(fields, 'name', errors);
  const steps = objectListField(fields, 'steps', errors, decodeStep);
  for (const [index, { expect }] of steps.entries()) {
    if ((expect.sameEndpointAsStep ?? -1) < index) continue;
    errors.add(
      isNot(expect.sameEndpointAsStep, 'an earlier step'),
      'steps',
      index,
      'expect',
      'sameEndpointAsStep',
    );
  }
  return { name, steps };
}

function decodeStep(fields: Fields, errors: FieldErrors): Step {
  const packet = decodePacket(fields, errors);
  const expect = nested(fields, 'expect', errors, decodeStepExpectation);
  return { ...packet, afterSeconds: seconds(fields, 'afterSeconds', errors), expect: expect ?? {} };
}

function decodePacket(fields: Fields, errors: FieldErrors): FirstPacket {
  const origin = requiredWord(fields, 'origin', ORIGIN_WORDS, errors);
  const protocol = requiredWord(fields, 'protocol', PROTOCOL_WORDS, errors);
  const sourceIP = requiredAddress(fields, 'sourceIP', errors);
  const destIP = requiredAddress(fields, 'destIP', errors);
  if (sourceIP !== '' && destIP !== '' && familyOf(sourceIP) !== familyOf(destIP)) {
    errors.add(isNot(destIP, `of the family of sourceIP ${sourceIP}`), 'destIP');
  }
  const destPort = protocol === 'ICMP' ? 0 : requiredPort(fields, 'destPort', errors);
  const inInterface = interfaceName(fields, 'inInterface', errors);
  return {
    name: requiredString(fields, 'name', errors),
    origin,
    ...(inInterface === undefined ? {} : { inInterface }),
    protocol,
    sourceIP,
    destIP,
    destPort,
  };
}

/** What the kernel takes for a name: 1 to 15 bytes without slash, colon and white space, and neither `.` nor `..`. */
const INTERFACE_NAME = /^(?!\.{1,2}$)[^\s/:]{1,15}$/;

function interfaceName(fields: Fields, key: string, errors: FieldErrors): string | undefined {
  const name = stringField(fields, key, errors);
  if (name === undefined || (INTERFACE_NAME.test(name) && Buffer.byteLength(name) <= 15)) return name;
  errors.add(isNot(name, 'the name of an interface'), key);
  return undefined;
}

function seconds(fields: Fields, key: string, errors: FieldErrors): number {
  const value = fields[key] ?? 0;
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value;
  errors.add(isNot(value, 'a number of seconds'), key);
  return 0;
}

const ACTIONS: readonly ['none', ...Expectation['action'][]] = ['none', 'dnat', 'reject', 'drop'];

function decodeExpectation(fields: Fields, errors: FieldErrors): Expectation {
  refuseOthers(fields, ['action', 'endpoints', 'masquerade', 'masqueradeFor', 'masqueradeAny'], errors);
  const action = requiredWord(fields, 'action', ACTIONS, errors);
  if (action !== 'dnat') return { action };
  const endpoints = endpointList(fields, 'endpoints', errors);
  if (list(fields, 'endpoints', errors).length === 0) errors.add('is missing or empty', 'endpoints');
  const masquerade = booleanField(fields, 'masquerade', errors);
  if (fields['masquerade'] === undefined) errors.add('is missing', 'masquerade');
  return {
    action,
    endpoints,
    masquerade: masquerade ?? false,
    masqueradeFor: endpointList(fields, 'masqueradeFor', errors),
    masqueradeAny: endpointList(fields, 'masqueradeAny', errors),
  };
}

function decodeStepExpectation(fields: Fields, errors: FieldErrors): Step['expect'] {
  refuseOthers(fields, ['anyOf', 'sameEndpointAsStep'], errors);
  const anyOf = endpointList(fields, 'anyOf', errors);
  const same = fields['sameEndpointAsStep'];
  if (same !== undefined && !(typeof same === 'number' && Number.isInteger(same) && same >= 0)) {
    errors.add(isNot(same, 'the number of a step'), 'sameEndpointAsStep');
  }
  if (same === undefined && fields['anyOf'] === undefined) errors.add('expects nothing');
  return {
    ...(fields['anyOf'] === undefined ? {} : { anyOf }),
    ...(typeof same === 'number' ? { sameEndpointAsStep: same } : {}),
  };
}

/** A required object inside the object. */
export function nested<Value>(
  fields: Fields,
  key: string,
  errors: FieldErrors,
  decode: (fields: Fields, errors: FieldErrors) => Value,
): Value | undefined {
  const value = fields[key];
  const before = errors.count;
  if (isFields(value)) {
    const decoded = decode(value, errors);
    errors.nest(before, key);
    return decoded;
  }
  errors.add(value === undefined ? 'is missing' : isNot(value, 'an object'), key);
  return undefined;
}
