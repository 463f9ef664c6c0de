import { isObject, type JsonObject } from '../objects.ts';

/** JSON merge patch (RFC 7386): null deletes, objects merge, anything else replaces. Changes neither argument. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    if (name === '__proto__') continue;
    if (value === null) delete result[name];
    else if (isObject(value)) result[name] = mergePatch(objectOr(result[name]), value);
    else result[name] = value;
  }
  return result;
}

function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
