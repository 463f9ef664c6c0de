import type { FieldErrors } from './field-errors.ts';
import { type Fields, stringField } from './fields.ts';
import { checkLabelName, checkObjectName } from './names.ts';
import { stringMapField } from './sections.ts';

/** The part of ObjectMeta that is read. Source: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go. */
export interface Metadata {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Reads `metadata`. Without a namespace it is "default", as for kubectl; without a name it is an error. */
export function decodeMetadata(fields: Fields, errors: FieldErrors): Metadata {
  const namespace = stringField(fields, 'namespace', errors) || 'default';
  checkLabelName(namespace, 'namespace', errors);
  return { namespace, name: decodeName(fields, errors), labels: stringMapField(fields, 'labels', errors) };
}

function decodeName(fields: Fields, errors: FieldErrors): string {
  const before = errors.count;
  const name = stringField(fields, 'name', errors) ?? '';
  if (errors.count > before) return name;
  if (name === '') errors.add('is missing', 'name');
  else checkObjectName(name, 'name', errors);
  return name;
}
