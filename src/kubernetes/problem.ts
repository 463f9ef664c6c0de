import { describeFieldError, type FieldError } from '../api/field-errors.ts';
import type { Identity } from '../api/identity.ts';
import { describeObject, type Kind } from '../api/objects.ts';

/** Something that keeps us from following the cluster, or one object of it; what was known before stays in force. */
export interface KubernetesProblem {
  /** What is being followed. */
  readonly kind: Kind;
  /** The one object that is at fault; without it, all of the kind are concerned. */
  readonly object?: Identity;
  readonly message: string;
}

/** `Service shop/web: spec.ports[0].port: 70000 is not a port (1 to 65535)`, `Node: Cannot reach ...` */
export function describeProblem({ kind, object, message }: KubernetesProblem): string {
  return `${object === undefined ? kind : describeObject(object)}: ${message}`;
}

/** All that is wrong with an object as one problem. */
export function objectProblem(
  kind: Kind,
  errors: readonly FieldError[],
  object: Identity | undefined,
): KubernetesProblem {
  const message = errors.map(describeFieldError).join('; ');
  return object === undefined
    ? { kind, message: `an object without a name: ${message}` }
    : { kind, object, message };
}
