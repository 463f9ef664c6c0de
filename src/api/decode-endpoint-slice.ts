/** discovery.k8s.io/v1 EndpointSlice, from an untyped value. What its fields must be, endpoint-slice.ts says. */
import {
  type Conditions,
  endpointOf,
  endpointPortOf,
  endpointSliceOf,
  type Hints,
} from './endpoint-slice.ts';
import type { FieldErrors } from './field-errors.ts';
import { booleanField, type Fields, objectListField, stringField, stringListField } from './fields.ts';
import { decodeMetadata } from './metadata.ts';
import type { Endpoint, EndpointPort, EndpointSlice } from './objects.ts';
import { sectionField } from './sections.ts';

/** Reads an EndpointSlice. The result is good only if no error was added. */
export function decodeEndpointSlice(fields: Fields, errors: FieldErrors): EndpointSlice {
  const metadata = sectionField(fields, 'metadata', errors, decodeMetadata);
  const addressType = fields['addressType'] ?? undefined;
  const ports = objectListField(fields, 'ports', errors, decodePort);
  const endpoints = objectListField(fields, 'endpoints', errors, decodeEndpoint);
  return endpointSliceOf({ metadata, addressType, ports, endpoints }, errors);
}

function decodePort(fields: Fields, errors: FieldErrors): EndpointPort {
  const name = stringField(fields, 'name', errors);
  return endpointPortOf(name, fields['protocol'] ?? undefined, fields['port'] ?? undefined, errors);
}

function decodeEndpoint(fields: Fields, errors: FieldErrors): Endpoint {
  const addresses = stringListField(fields, 'addresses', errors);
  const conditions = sectionField(fields, 'conditions', errors, decodeConditions);
  const nodeName = stringField(fields, 'nodeName', errors);
  const hints = sectionField(fields, 'hints', errors, decodeHints);
  return endpointOf(addresses, conditions, nodeName, hints);
}

function decodeConditions(fields: Fields, errors: FieldErrors): Conditions {
  return {
    ready: booleanField(fields, 'ready', errors),
    serving: booleanField(fields, 'serving', errors),
    terminating: booleanField(fields, 'terminating', errors),
  };
}

function decodeHints(fields: Fields, errors: FieldErrors): Hints {
  return {
    zones: objectListField(fields, 'forZones', errors, decodeHint),
    nodes: objectListField(fields, 'forNodes', errors, decodeHint),
  };
}

function decodeHint(hint: Fields, errors: FieldErrors): string {
  return stringField(hint, 'name', errors) ?? '';
}
