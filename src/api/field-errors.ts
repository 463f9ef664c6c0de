/**
 * What is wrong with an object, field by field.
 *
 * Decoding succeeds nearly always and is on the hot path, so no path is built on the way down: whoever finds an
 * error adds it with the path it knows, and each level above puts its own keys in front on the way up.
 */

/** Keys and list indexes from the object to the field: `['spec', 'ports', 0, 'port']`. */
export type FieldPath = readonly (string | number)[];

export interface FieldError {
  readonly path: FieldPath;
  /** What is wrong, without the name of the field: `70000 is not a port (1 to 65535)`. */
  readonly message: string;
}

/** Collects the errors of one object. */
export class FieldErrors {
  readonly #errors: { path: (string | number)[]; message: string }[] = [];

  get count(): number {
    return this.#errors.length;
  }

  get list(): readonly FieldError[] {
    return this.#errors;
  }

  add(message: string, ...path: (string | number)[]): void {
    this.#errors.push({ path, message });
  }

  /** Puts `keys` in front of the paths of all errors that were added since the count was `from`. */
  nest(from: number, ...keys: (string | number)[]): void {
    for (const error of this.#errors.slice(from)) error.path.unshift(...keys);
  }
}

/** The path as people write it: `spec.ports[0].port`; keys that are no words are quoted: `metadata.labels["a/b"]`. */
export function pathText(path: FieldPath): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (!/^\w+$/.test(key)) text += `[${JSON.stringify(key)}]`;
    else text += text === '' ? key : `.${key}`;
  }
  return text;
}

/** `spec.ports[0].port: 70000 is not a port (1 to 65535)` */
export function describeFieldError({ path, message }: FieldError): string {
  return path.length === 0 ? message : `${pathText(path)}: ${message}`;
}
