/**
 * What a request can be refused with: a Status body of meta/v1 with the words of the real server, because clients read
 * them. Source: staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go.
 */
import type { FieldError } from './field-error.ts';
import { causeOf, describe } from './field-error.ts';

export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** meta/v1 Status. */
export interface Status extends Record<string, unknown> {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Record<string, never>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code?: number;
}

/** A refusal that goes to the client as a Status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  status(): Status {
    const { code, reason, message, details } = this;
    const body = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
    } as const;
    return { ...body, ...(details === undefined ? {} : { details }), code };
  }
}

/** What an error is about: a resource by its group and plural name. */
export interface Subject {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

function detailsOf({ group, plural }: Subject, name: string): StatusDetails {
  return { name, ...(group === '' ? {} : { group }), kind: plural };
}

/** `services "web"`, `endpointslices.discovery.k8s.io "web-1"` */
function qualified({ group, plural }: Subject): string {
  return group === '' ? plural : `${plural}.${group}`;
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function unauthorized(): ApiError {
  return new ApiError(401, 'Unauthorized', 'Unauthorized');
}

/** No such object. */
export function notFound(subject: Subject, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualified(subject)} "${name}" not found`, detailsOf(subject, name));
}

/** No such path. */
export function noSuchPath(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): ApiError {
  return new ApiError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

export function notAcceptable(mediaTypes: readonly string[]): ApiError {
  const message = `only the following media types are accepted: ${mediaTypes.join(', ')}`;
  return new ApiError(406, 'NotAcceptable', message);
}

export function alreadyExists(subject: Subject, name: string): ApiError {
  const message = `${qualified(subject)} "${name}" already exists`;
  return new ApiError(409, 'AlreadyExists', message, detailsOf(subject, name));
}

export function conflict(
  subject: Subject,
  name: string,
  why = MODIFIED,
  causes?: readonly StatusCause[],
): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(subject)} "${name}": ${why}`;
  const details = { ...detailsOf(subject, name), ...(causes === undefined ? {} : { causes }) };
  return new ApiError(409, 'Conflict', message, details);
}

const MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again';

/** The version, or the continue token, is older than the history that is kept. */
export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message);
}

export function tooLarge(): ApiError {
  return new ApiError(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728');
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new ApiError(415, 'UnsupportedMediaType', message);
}

/** 422 with one cause for each field at fault. */
export function invalid(subject: Subject, name: string, errors: readonly FieldError[]): ApiError {
  const texts = [...new Set(errors.map(describe))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const message = `${subject.group === '' ? subject.kind : `${subject.kind}.${subject.group}`} "${name}" is invalid: ${list}`;
  const group = subject.group === '' ? {} : { group: subject.group };
  return new ApiError(422, 'Invalid', message, {
    name,
    ...group,
    kind: subject.kind,
    causes: errors.map(causeOf),
  });
}

export function internalError(message: string): ApiError {
  const text = `Internal error occurred: ${message}`;
  return new ApiError(500, 'InternalError', text, { causes: [{ message }] });
}

/** The client knows a version that this server has not reached. */
export function tooLargeVersion(asked: number, current: number): ApiError {
  return new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}
