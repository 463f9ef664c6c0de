/**
 * Server-side apply, simpler than the real one: only fields that were applied have owners (`managedFields` knows no
 * "Update" managers), so conflicts arise between appliers and not with editors. Fields that a manager applied before and
 * leaves out now are removed unless another manager has them.
 */
import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../errors.ts';
import type { JsonObject, KubeObject, ManagedFields } from '../objects.ts';
import type { Message } from '../schema/schema.ts';
import { mergeApplied, removeFields, valueAtPath } from './apply-fields.ts';
import { commonLeaves, difference, type FieldSet, fieldsOf, withoutLeaf } from './field-set.ts';

export interface Application {
  readonly manager: string;
  readonly isForced: boolean;
  readonly time: string;
  readonly subresource: string | undefined;
  /** What the manager wants, without apiVersion and kind. */
  readonly applied: JsonObject;
}

/** The live object (undefined: there is none yet) with a configuration applied. Throws 409 naming the fields in conflict. */
export function serverSideApply(
  message: Message,
  live: KubeObject | undefined,
  application: Application,
): JsonObject {
  const { apiVersion, kind, metadata } = application.applied as KubeObject;
  const applied = withoutIdentity(application.applied);
  const wanted = fieldsOf(message, applied);
  const entries = live?.metadata.managedFields ?? [];
  const isOwn = (it: ManagedFields): boolean =>
    it.manager === application.manager &&
    it.operation === 'Apply' &&
    it.subresource === application.subresource;
  const others = withoutConflicts(
    message,
    live,
    entries.filter((it) => !isOwn(it)),
    wanted,
    application,
  );
  const own = (entries.find(isOwn)?.fieldsV1 ?? {}) as FieldSet;
  const dropped = others.reduce(
    (left, it) => difference(left, (it.fieldsV1 ?? {}) as FieldSet),
    difference(own, wanted),
  );
  const base: JsonObject = live === undefined ? { apiVersion, kind, metadata: identityOf(metadata) } : live;
  const result = mergeApplied(message, removeFields(message, base, dropped), applied);
  const managedFields = [...others, entryOf(application, apiVersion, wanted)];
  return { ...result, metadata: { ...(result['metadata'] as JsonObject), managedFields } };
}

function identityOf(metadata: KubeObject['metadata']): JsonObject {
  const { name, namespace } = metadata;
  return { name, ...(namespace === undefined ? {} : { namespace }) };
}

/** Nobody owns what identifies an object. */
function withoutIdentity(applied: JsonObject): JsonObject {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = applied;
  const { name: _name, namespace: _namespace, managedFields: _managed, ...owned } = metadata as JsonObject;
  for (const field of ['uid', 'resourceVersion', 'creationTimestamp', 'generation']) delete owned[field];
  return Object.keys(owned).length === 0 ? rest : { metadata: owned, ...rest };
}

/** The entries of other managers; forced, without the fields that change hands. */
function withoutConflicts(
  message: Message,
  live: KubeObject | undefined,
  others: readonly ManagedFields[],
  wanted: FieldSet,
  { applied, isForced }: Application,
): ManagedFields[] {
  const conflicts: { manager: string; path: readonly string[] }[] = [];
  const left = others.map((entry) => {
    const shared = commonLeaves(wanted, (entry.fieldsV1 ?? {}) as FieldSet);
    const changed = shared.filter(
      (path) => !isDeepStrictEqual(valueAtPath(message, live, path), valueAtPath(message, applied, path)),
    );
    conflicts.push(...changed.map((path) => ({ manager: entry.manager, path })));
    return { ...entry, fieldsV1: changed.reduce(withoutLeaf, (entry.fieldsV1 ?? {}) as FieldSet) };
  });
  if (conflicts.length > 0 && !isForced) throw applyConflict(conflicts);
  return left.filter((entry) => Object.keys(entry.fieldsV1).length > 0);
}

function applyConflict(conflicts: readonly { manager: string; path: readonly string[] }[]): ApiError {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager}"`,
    field: fieldText(path),
  }));
  const fields = causes.map(({ message, field }) => `${message}: ${field}`).join('\n- ');
  const count = causes.length === 1 ? '1 conflict' : `${causes.length} conflicts`;
  return new ApiError(409, 'Conflict', `Apply failed with ${count}: ${fields}`, { causes });
}

/** `.spec.ports[port=80,protocol="TCP"].targetPort` */
function fieldText(path: readonly string[]): string {
  return path
    .map((step) => (step.startsWith('f:') ? `.${step.slice(2)}` : `[${elementText(step)}]`))
    .join('');
}

function elementText(step: string): string {
  if (!step.startsWith('k:')) return step.slice(2);
  const keys = Object.entries(JSON.parse(step.slice(2)) as JsonObject);
  return keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',');
}

function entryOf(
  { manager, time, subresource }: Application,
  apiVersion: string,
  fields: FieldSet,
): ManagedFields {
  const entry = { manager, operation: 'Apply', apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: fields };
  return subresource === undefined ? entry : { ...entry, subresource };
}
