/** The two halves of server-side apply on values: merging what is applied, removing what is no longer. */
import { isObject, type JsonObject } from '../objects.ts';
import type { Field, Message } from '../schema/schema.ts';
import { elementPath, type FieldSet, messageOf } from './field-set.ts';

/** The object with the applied values merged in. Changes neither argument. */
export function mergeApplied(
  message: Message | undefined,
  live: JsonObject,
  applied: JsonObject,
): JsonObject {
  const result: JsonObject = { ...live };
  for (const [name, value] of Object.entries(applied)) {
    result[name] = mergeValue(message?.fields.get(name), result[name], value);
  }
  return result;
}

function mergeValue(field: Field | undefined, live: unknown, applied: unknown): unknown {
  if (isObject(applied)) return mergeApplied(messageOf(field), isObject(live) ? live : {}, applied);
  if (!Array.isArray(applied) || !Array.isArray(live)) return applied;
  if (field?.isSet) return [...new Set([...live, ...applied])];
  return field?.mapKeys === undefined
    ? applied
    : mergeElements(field, live.filter(isObject), applied.filter(isObject));
}

function mergeElements(
  field: Field,
  live: readonly JsonObject[],
  applied: readonly JsonObject[],
): JsonObject[] {
  const elements = new Map(live.map((element) => [elementPath(field, element), element]));
  for (const element of applied) {
    const path = elementPath(field, element);
    elements.set(path, mergeApplied(messageOf(field), elements.get(path) ?? {}, element));
  }
  return [...elements.values()];
}

/** The object without the fields of a set. Changes nothing that it is given. */
export function removeFields(message: Message | undefined, value: JsonObject, set: FieldSet): JsonObject {
  const result: JsonObject = { ...value };
  for (const [path, children] of Object.entries(set)) {
    const name = path.slice('f:'.length);
    if (!path.startsWith('f:') || result[name] === undefined) continue;
    const left =
      Object.keys(children).length === 0
        ? undefined
        : removeFrom(message?.fields.get(name), result[name], children);
    if (left === undefined) delete result[name];
    else result[name] = left;
  }
  return result;
}

function removeFrom(field: Field | undefined, value: unknown, set: FieldSet): unknown {
  if (isObject(value)) {
    const left = removeFields(messageOf(field), value, set);
    return Object.keys(left).length === 0 ? undefined : left;
  }
  if (!Array.isArray(value)) return value;
  const left = value.flatMap((element) => removeFromElement(field, element, set));
  return left.length === 0 ? undefined : left;
}

function removeFromElement(field: Field | undefined, element: unknown, set: FieldSet): unknown[] {
  if (!isObject(element)) return set[`v:${JSON.stringify(element)}`] === undefined ? [element] : [];
  const children = field === undefined ? undefined : set[elementPath(field, element)];
  if (children === undefined) return [element];
  // The element itself was owned and is owned no more.
  return children['.'] === undefined ? [removeFields(messageOf(field), element, children)] : [];
}

/** The value at path steps of a field set, or undefined. */
export function valueAtPath(
  message: Message | undefined,
  value: unknown,
  steps: readonly string[],
  field?: Field,
): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (step.startsWith('f:')) {
    const name = step.slice(2);
    const next = message?.fields.get(name);
    return isObject(value) ? valueAtPath(messageOf(next), value[name], rest, next) : undefined;
  }
  if (!Array.isArray(value)) return undefined;
  if (step.startsWith('v:')) return value.find((it) => `v:${JSON.stringify(it)}` === step);
  const element = value.find((it) => isObject(it) && field !== undefined && elementPath(field, it) === step);
  return valueAtPath(message, element, rest);
}
