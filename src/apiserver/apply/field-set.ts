/**
 * Sets of fields as `managedFields` writes them (FieldsV1): a tree whose branches are `f:name`, `k:{"port":80}` (an element
 * of a keyed list), `v:"x"` (a value of a set) and `.` (the element itself); a leaf is an empty tree.
 * Source: sigs.k8s.io/structured-merge-diff/fieldpath.
 */
import { isObject, type JsonObject } from '../objects.ts';
import type { Field, Message } from '../schema/schema.ts';

export interface FieldSet {
  [path: string]: FieldSet;
}

/** The fields that an object of a message sets. */
export function fieldsOf(message: Message | undefined, value: JsonObject): FieldSet {
  const set: FieldSet = {};
  for (const [name, member] of Object.entries(value))
    set[`f:${name}`] = fieldsOfMember(message?.fields.get(name), member);
  return set;
}

function fieldsOfMember(field: Field | undefined, value: unknown): FieldSet {
  if (isObject(value)) return fieldsOf(messageOf(field), value);
  if (!Array.isArray(value)) return {};
  if (field?.isSet) return Object.fromEntries(value.map((it) => [`v:${JSON.stringify(it)}`, {}]));
  if (field?.mapKeys === undefined) return {};
  const set: FieldSet = {};
  for (const element of value.filter(isObject)) {
    set[elementPath(field, element)] = { '.': {}, ...fieldsOf(messageOf(field), element) };
  }
  return set;
}

/** The message of a field's values; nothing is known of what is in maps of plain values. */
export function messageOf(field: Field | undefined): Message | undefined {
  return typeof field?.type === 'object' ? field.type : undefined;
}

/** `k:{"port":80,"protocol":"TCP"}`: keys in alphabetical order, protocol TCP where it is left to the default. */
export function elementPath({ mapKeys = [] }: Field, element: JsonObject): string {
  const keys = mapKeys
    .toSorted()
    .map((key) => [key, element[key] ?? (key === 'protocol' ? 'TCP' : undefined)]);
  return `k:${JSON.stringify(Object.fromEntries(keys.filter(([, value]) => value !== undefined)))}`;
}

/** What is in the first and not in the second. */
export function difference(first: FieldSet, second: FieldSet): FieldSet {
  const result: FieldSet = {};
  for (const [path, children] of Object.entries(first)) {
    const other = second[path];
    if (other === undefined) result[path] = children;
    else {
      const rest = difference(children, other);
      if (Object.keys(rest).length > 0) result[path] = rest;
    }
  }
  return result;
}

/** The leaves that both have, as lists of path steps. */
export function commonLeaves(
  first: FieldSet,
  second: FieldSet,
  at: readonly string[] = [],
): (readonly string[])[] {
  return Object.entries(first).flatMap(([path, children]) => {
    const other = second[path];
    if (other === undefined || path === '.') return [];
    const isLeaf = Object.keys(children).length === 0 || Object.keys(other).length === 0;
    return isLeaf ? [[...at, path]] : commonLeaves(children, other, [...at, path]);
  });
}

/** A set without one leaf, and without branches that this leaves empty. */
export function withoutLeaf(set: FieldSet, [step, ...rest]: readonly string[]): FieldSet {
  if (step === undefined || set[step] === undefined) return set;
  const { [step]: children, ...others } = set;
  const left = rest.length === 0 ? {} : withoutLeaf(children ?? {}, rest);
  const isEmpty = Object.keys(left).every((path) => path === '.');
  return isEmpty ? others : { ...others, [step]: left };
}
