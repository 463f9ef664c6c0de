/** Fields at fault, in the words of staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go. */
import type { StatusCause } from './errors.ts';

export interface FieldError {
  readonly reason: keyof typeof TITLES;
  /** `spec.ports[0].nodePort` */
  readonly field: string;
  readonly value?: unknown;
  readonly detail: string;
}

const TITLES = {
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
} as const;

export function required(field: string, detail = ''): FieldError {
  return { reason: 'FieldValueRequired', field, detail };
}

export function duplicate(field: string, value: unknown): FieldError {
  return { reason: 'FieldValueDuplicate', field, value, detail: '' };
}

export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return { reason: 'FieldValueInvalid', field, value, detail };
}

export function forbidden(field: string, detail: string): FieldError {
  return { reason: 'FieldValueForbidden', field, detail };
}

export function tooLong(field: string, detail: string): FieldError {
  return { reason: 'FieldValueTooLong', field, detail };
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const quoted = supported.map((it) => JSON.stringify(it)).join(', ');
  return { reason: 'FieldValueNotSupported', field, value, detail: `supported values: ${quoted}` };
}

/** Without the field: `Invalid value: 0: must be between 1 and 65535, inclusive` */
function body(error: FieldError): string {
  const value = error.value === undefined ? '' : `: ${JSON.stringify(error.value)}`;
  return `${TITLES[error.reason]}${value}${error.detail === '' ? '' : `: ${error.detail}`}`;
}

/** `spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive` */
export function describe(error: FieldError): string {
  return `${error.field}: ${body(error)}`;
}

export function causeOf(error: FieldError): StatusCause {
  return { reason: error.reason, message: body(error), field: error.field };
}
