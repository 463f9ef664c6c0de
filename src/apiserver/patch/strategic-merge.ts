/**
 * Strategic merge patches, as `kubectl apply`, `edit` and `patch` send them: objects merge, lists with a merge key merge
 * by element, `$`-directives delete, replace and order.
 * Source: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go and its documentation
 * (contributors/devel/sig-api-machinery/strategic-merge-patch.md).
 */
import { badRequest } from '../errors.ts';
import { isObject, type JsonObject } from '../objects.ts';
import type { Field, Message } from '../schema/schema.ts';
import { inOrder } from './element-order.ts';

const PATCH = '$patch';
const RETAIN_KEYS = '$retainKeys';
const ORDER = '$setElementOrder/';
const DELETE_VALUES = '$deleteFromPrimitiveList/';

/** Applies a patch to an object of a message; without a message nothing is known of its lists. Changes neither argument. */
export function strategicMerge(
  message: Message | undefined,
  target: JsonObject,
  patch: JsonObject,
): JsonObject {
  if (patch[PATCH] === 'replace') return withoutDirectives(patch);
  if (patch[PATCH] === 'delete') return {};
  const result = retained(target, patch[RETAIN_KEYS]);
  for (const [name, value] of Object.entries(patch)) {
    if (!name.startsWith('$') && name !== '__proto__')
      mergeMember(message?.fields.get(name), result, name, value);
  }
  for (const [name, value] of Object.entries(patch)) applyListDirective(message, result, name, value);
  return result;
}

function mergeMember(field: Field | undefined, result: JsonObject, name: string, value: unknown): void {
  const current = result[name];
  if (value === null) delete result[name];
  else if (isObject(value))
    result[name] = strategicMerge(messageOf(field), isObject(current) ? current : {}, value);
  else if (Array.isArray(value))
    result[name] = mergeList(field, Array.isArray(current) ? current : [], value);
  else result[name] = value;
}

function messageOf(field: Field | undefined): Message | undefined {
  return field !== undefined && field.shape !== 'map' && typeof field.type === 'object'
    ? field.type
    : undefined;
}

function mergeList(
  field: Field | undefined,
  current: readonly unknown[],
  patch: readonly unknown[],
): unknown[] {
  if (field?.isSet) return [...new Set([...current, ...patch])];
  if (field?.mergeKey === undefined) return patch.map((it) => (isObject(it) ? withoutDirectives(it) : it));
  return mergeKeyed(messageOf(field), field.mergeKey, current, patch.filter(isObject));
}

function mergeKeyed(
  message: Message | undefined,
  mergeKey: string,
  current: readonly unknown[],
  patch: readonly JsonObject[],
): unknown[] {
  if (patch.some((it) => it[PATCH] === 'replace')) return patch.filter((it) => it[PATCH] === undefined);
  let result = [...current];
  for (const element of patch) {
    const key = element[mergeKey];
    if (key === undefined)
      throw badRequest(`map: ${JSON.stringify(element)} does not contain declared merge key: ${mergeKey}`);
    const isSame = (it: unknown): boolean => isObject(it) && it[mergeKey] === key;
    const found = result.find(isSame);
    if (element[PATCH] === 'delete') result = result.filter((it) => !isSame(it));
    else if (isObject(found)) result[result.indexOf(found)] = strategicMerge(message, found, element);
    else result.push(strategicMerge(message, {}, element));
  }
  return result;
}

function applyListDirective(
  message: Message | undefined,
  result: JsonObject,
  name: string,
  value: unknown,
): void {
  if (!Array.isArray(value)) return;
  if (name.startsWith(DELETE_VALUES)) {
    const list = name.slice(DELETE_VALUES.length);
    if (Array.isArray(result[list])) result[list] = result[list].filter((it: unknown) => !value.includes(it));
  } else if (name.startsWith(ORDER)) {
    const list = name.slice(ORDER.length);
    const mergeKey = message?.fields.get(list)?.mergeKey;
    if (Array.isArray(result[list])) result[list] = inOrder(result[list], value, mergeKey);
  }
}

/** `$retainKeys` of unions such as Deployment strategies: what it does not name goes. */
function retained(target: JsonObject, keys: unknown): JsonObject {
  if (!Array.isArray(keys)) return { ...target };
  return Object.fromEntries(Object.entries(target).filter(([name]) => keys.includes(name)));
}

function withoutDirectives(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith('$')));
}
