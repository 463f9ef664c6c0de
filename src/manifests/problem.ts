import { type FieldError, pathText } from '../api/field-errors.ts';
import type { Identity } from '../api/identity.ts';
import { describeObject } from '../api/objects.ts';

/** A place in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something in the manifests that cannot be followed; the last good objects stay meanwhile. */
export interface ManifestProblem {
  /** Name of the file in the directory, or the path of the directory when that is the problem. */
  readonly file: string;
  readonly position?: Position;
  readonly object?: Identity;
  readonly field?: string;
  readonly message: string;
}

/** `shop.yaml:14: Service shop/web: spec.ports[0].port: 70000 is not a port (1 to 65535)` */
export function describeProblem(problem: ManifestProblem): string {
  const { file, position } = problem;
  return `${position === undefined ? file : `${file}:${position.line}`}: ${withoutPlace(problem)}`;
}

/** What makes two problems the same one, also when lines above it come and go. */
export function problemKey(problem: ManifestProblem): string {
  return `${problem.file}: ${withoutPlace(problem)}`;
}

function withoutPlace({ object, field, message }: ManifestProblem): string {
  return [object && describeObject(object), field, message].filter((part) => part !== undefined).join(': ');
}

/** The problem with a field of an object (`identity` undefined: of an object that cannot be named). */
export function fieldProblem(
  file: string,
  position: Position | undefined,
  identity: Identity | undefined,
  { path, message }: FieldError,
): ManifestProblem {
  return {
    file,
    ...(position && { position }),
    ...(identity && { object: identity }),
    ...(path.length > 0 && { field: pathText(path) }),
    message,
  };
}
