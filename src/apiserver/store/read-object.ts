/** What a caller hands in, to an object of the resource's schema: the last place where anything can be of any type. */
import { badRequest } from '../errors.ts';
import { isObject, type JsonObject, type KubeObject } from '../objects.ts';
import { apiVersionOf, type Resource } from '../resources/resource.ts';
import { readMessage, TypeMismatch } from '../schema/read.ts';
import type { WriteOptions } from './context.ts';

/** Reads an object. Throws 400 for another kind, wrong types and, if strict, unknown fields. The result is the caller's own. */
export function readObject(resource: Resource, value: unknown, options: WriteOptions): KubeObject {
  if (!isObject(value)) throw badRequest(`the body is no ${resource.kind}`);
  checkKind(resource, value);
  const { apiVersion: _apiVersion, kind: _kind, ...fields } = value;
  const read = checkedFields(resource, fields, options);
  const metadata = read['metadata'];
  const object = {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    ...read,
    metadata: isObject(metadata) ? metadata : {},
  };
  return object as KubeObject;
}

function checkKind(resource: Resource, value: JsonObject): void {
  const { apiVersion = apiVersionOf(resource), kind = resource.kind } = value;
  if (apiVersion === apiVersionOf(resource) && kind === resource.kind) return;
  const found = `${String(apiVersion)}, Kind=${String(kind)}`;
  throw badRequest(
    `${resource.kind} in version "${resource.version}" cannot be handled as a ${String(kind)}: the body is a ${found}`,
  );
}

function checkedFields(resource: Resource, fields: JsonObject, options: WriteOptions): JsonObject {
  try {
    // Cloned, because open messages hand on what they do not declare.
    const { value, unknownFields } = readMessage(
      resource.schema,
      resource.schema.isOpen ? structuredClone(fields) : fields,
    );
    if (options.fieldValidation === 'Strict' && unknownFields.length > 0) {
      const list = unknownFields.map((field) => `unknown field "${field}"`).join(', ');
      throw badRequest(
        `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: strict decoding error: ${list}`,
      );
    }
    return value;
  } catch (error) {
    if (!(error instanceof TypeMismatch)) throw error;
    throw badRequest(
      `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: json: ${error.message}`,
    );
  }
}
