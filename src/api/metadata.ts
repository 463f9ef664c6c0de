import type { FieldErrors } from './field-errors.ts';
import { type Fields, stringField } from './fields.ts';
import { checkLabelName, checkObjectName } from './names.ts';
import { stringMapField } from './sections.ts';
import { isNot } from './values.ts';

export type Labels = Readonly<Record<string, string>>;

/** The part of ObjectMeta that is read. Source: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go. */
export interface Metadata {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
}

/** Reads `metadata`. */
export function decodeMetadata(fields: Fields, errors: FieldErrors): Metadata {
  const namespace = stringField(fields, 'namespace', errors);
  const labels = stringMapField(fields, 'labels', errors);
  return metadataOf(namespace, fields['name'] ?? undefined, labels, errors);
}

/** Without a namespace it is "default", as for kubectl; without a name it is an error. */
export function metadataOf(
  namespace: string | undefined,
  name: unknown,
  labels: Labels,
  errors: FieldErrors,
): Metadata {
  return { namespace: namespaceOf(namespace, errors), name: nameOf(name, errors), labels };
}

function namespaceOf(text: string | undefined, errors: FieldErrors): string {
  const namespace = text || 'default';
  checkLabelName(namespace, 'namespace', errors);
  return namespace;
}

function nameOf(name: unknown, errors: FieldErrors): string {
  if (name === undefined || name === '') errors.add('is missing', 'name');
  else if (typeof name !== 'string') errors.add(isNot(name, 'a string'), 'name');
  else checkObjectName(name, 'name', errors);
  return typeof name === 'string' ? name : '';
}
