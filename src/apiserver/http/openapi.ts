/**
 * OpenAPI v3, as much as kubectl asks for: that writes take `fieldValidation` (so that it leaves validation to the server),
 * merge keys (for `apply`) and the fields of kinds (for `explain`; without descriptions).
 */
import { createHash } from 'node:crypto';
import { isObject } from '../objects.ts';
import { apiVersionOf, type Resource } from '../resources/resource.ts';
import { RESOURCES } from '../resources/resources.ts';
import type { Field, Message } from '../schema/schema.ts';

/** The path of a group version below /openapi/v3: `api/v1`, `apis/apps/v1`. */
function pathOf(resource: Resource): string {
  return resource.group === '' ? `api/${resource.version}` : `apis/${apiVersionOf(resource)}`;
}

/** /openapi/v3 */
export function openApiIndex(): object {
  const paths = [...new Set(RESOURCES.map(pathOf))].map((path) => {
    const hash = createHash('sha256')
      .update(JSON.stringify(openApiDocument(path)))
      .digest('hex')
      .slice(0, 32);
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
  });
  return { paths: Object.fromEntries(paths) };
}

/** /openapi/v3/PATH, or undefined. */
export function openApiDocument(path: string): object | undefined {
  const resources = RESOURCES.filter((it) => pathOf(it) === path);
  if (resources.length === 0) return undefined;
  const schemas: Record<string, object> = {};
  for (const resource of resources) addKind(schemas, resource);
  const paths = Object.fromEntries(
    resources.map((it) => [`/${path}${namespacePart(it)}/${it.plural}/{name}`, pathItem(it)]),
  );
  return {
    openapi: '3.0.0',
    info: { title: 'nodeplane embedded API server', version: 'v1' },
    paths,
    components: { schemas },
  };
}

function namespacePart({ isNamespaced }: Resource): string {
  return isNamespaced ? '/namespaces/{namespace}' : '';
}

function gvkOf({ group, version, kind }: Resource): object {
  return { group, version, kind };
}

function pathItem(resource: Resource): object {
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  }));
  const operation = (action: string): object => ({
    parameters,
    responses: { '200': { description: 'OK' } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvkOf(resource),
  });
  return {
    get: operation('get'),
    put: operation('put'),
    patch: operation('patch'),
    delete: operation('delete'),
  };
}

function addKind(schemas: Record<string, object>, resource: Resource): void {
  const schema = schemaOf(schemas, resource.schema, resource.id);
  const identity = { apiVersion: { type: 'string' }, kind: { type: 'string' } };
  const properties = isObject(schema) && isObject(schema['properties']) ? schema['properties'] : {};
  schemas[nameOf(resource.schema, resource.id)] = {
    ...schema,
    properties: { ...identity, ...properties },
    'x-kubernetes-group-version-kind': [gvkOf(resource)],
  };
}

/** Kinds share a name (Event), and so may their parts: names carry the resource. */
function nameOf(message: Message, prefix: string): string {
  return `nodeplane.${prefix}.${message.name}`;
}

function schemaOf(
  schemas: Record<string, object>,
  message: Message,
  prefix: string,
): Record<string, unknown> {
  const properties = [...message.fields].map(([name, field]) => [name, propertyOf(schemas, field, prefix)]);
  return { type: 'object', description: '', properties: Object.fromEntries(properties) };
}

function propertyOf(schemas: Record<string, object>, field: Field, prefix: string): object {
  const value = valueSchema(schemas, field, prefix);
  if (field.shape === 'map') return { type: 'object', additionalProperties: value };
  if (field.shape === 'single') return value;
  const merge = field.mergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': field.mergeKey };
  const strategy =
    field.mergeKey === undefined && !field.isSet ? {} : { 'x-kubernetes-patch-strategy': 'merge' };
  return { type: 'array', items: value, ...merge, ...strategy };
}

function valueSchema(schemas: Record<string, object>, { type }: Field, prefix: string): object {
  if (typeof type !== 'object') return SCALARS[type];
  const name = nameOf(type, prefix);
  // Set before its own fields are, so that a message is described once.
  if (schemas[name] === undefined) {
    schemas[name] = {};
    schemas[name] = schemaOf(schemas, type, prefix);
  }
  return { allOf: [{ $ref: `#/components/schemas/${name}` }] };
}

const SCALARS = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  bytes: { type: 'string', format: 'byte' },
  time: { type: 'string', format: 'date-time' },
  microTime: { type: 'string', format: 'date-time' },
  intOrString: { oneOf: [{ type: 'integer' }, { type: 'string' }] },
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  fieldsV1: { type: 'object' },
} as const;
