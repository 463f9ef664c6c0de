/** Names and labels: what may be written, and how they are made up. Source: apimachinery/pkg/util/validation/validation.go. */
import { type FieldError, invalidValue, required } from '../field-error.ts';
import type { ObjectMeta } from '../objects.ts';
import type { Resource } from '../resources/resource.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const LABEL_1035_RULE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

const RULES: Record<string, readonly [RegExp, string]> = {
  services: [LABEL_1035, LABEL_1035_RULE],
  namespaces: [LABEL, LABEL_RULE],
};

/** The faults of a new object's metadata. */
export function validateMetadata(resource: Resource, metadata: ObjectMeta): FieldError[] {
  return [...validateName(resource, metadata.name), ...validateLabels(metadata.labels ?? {})];
}

function validateName(resource: Resource, name: string | undefined): FieldError[] {
  if (name === undefined) return [required('metadata.name', 'name or generateName is required')];
  const [pattern, rule] = RULES[resource.id] ?? [SUBDOMAIN, SUBDOMAIN_RULE];
  return pattern.test(name) ? [] : [invalidValue('metadata.name', name, rule)];
}

/** The faults of labels. */
export function validateLabels(labels: Readonly<Record<string, string>>): FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    if (!LABEL_KEY.test(key))
      return invalidValue(
        'metadata.labels',
        key,
        "name part must consist of alphanumeric characters, '-', '_' or '.'",
      );
    return LABEL_VALUE.test(value)
      ? []
      : invalidValue(
          'metadata.labels',
          value,
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'",
        );
  });
}

// Without vowels and look-alikes, as the real server: names do not spell words.
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A name of a prefix and five characters. */
export function generatedName(prefix: string, random: () => number): string {
  let name = prefix.slice(0, 58);
  for (let i = 0; i < 5; i++) name += ALPHABET[Math.floor(random() * ALPHABET.length)] ?? 'x';
  return name;
}
