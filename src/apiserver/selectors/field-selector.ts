/** Field selectors. Source: staging/src/k8s.io/apimachinery/pkg/fields/selector.go. */
import { type KubeObject, valueAt } from '../objects.ts';

export type ObjectMatcher = (object: KubeObject) => boolean;

interface Term {
  readonly field: string;
  readonly isEqual: boolean;
  readonly value: string;
}

/** Why text is no field selector of a resource. */
export class FieldSelectorError extends Error {
  override readonly name = 'FieldSelectorError';
}

/** Reads a selector over the given fields (dotted paths). Throws {@link FieldSelectorError} for other fields and broken text. */
export function parseFieldSelector(text: string, fields: readonly string[]): ObjectMatcher {
  const terms = text
    .split(/(?<!\\),/)
    .filter((part) => part !== '')
    .map(parseTerm);
  for (const { field } of terms) {
    if (!fields.includes(field)) throw new FieldSelectorError(`field label not supported: ${field}`);
  }
  return (object) => terms.every((term) => (fieldText(object, term.field) === term.value) === term.isEqual);
}

function parseTerm(text: string): Term {
  const [, field, sign, value] = /^([^=!]+)(==|=|!=)(.*)$/.exec(text) ?? [];
  if (field === undefined) throw new FieldSelectorError(`invalid field selector: can't understand '${text}'`);
  return { field: field.trim(), isEqual: sign !== '!=', value: (value ?? '').replace(/\\([\\,=])/g, '$1') };
}

function fieldText(object: KubeObject, field: string): string {
  return String(valueAt(object, ...field.split('.')) ?? '');
}
