import { applyPatch, type Operation } from 'rfc6902';
import { ApiError, badRequest } from '../errors.ts';
import { isObject, type JsonObject } from '../objects.ts';

/** JSON patch (RFC 6902). A patch that does not apply is a 422, as on the real server. Changes neither argument. */
export function jsonPatch(target: JsonObject, patch: unknown): JsonObject {
  if (!isOperations(patch))
    throw badRequest('error decoding patch: it is not a list of operations with "op" and "path"');
  const result = structuredClone(target);
  const error = applyPatch(result, patch).find((it) => it !== null);
  if (error !== undefined)
    throw new ApiError(
      422,
      'Invalid',
      `the server rejected our request due to an error in our request: ${error.message}`,
      {},
    );
  return result;
}

function isOperations(patch: unknown): patch is Operation[] {
  return (
    Array.isArray(patch) &&
    patch.every((it) => isObject(it) && typeof it['op'] === 'string' && typeof it['path'] === 'string')
  );
}
