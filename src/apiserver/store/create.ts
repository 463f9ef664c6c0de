import { randomUUID } from 'node:crypto';
import { ApiError, alreadyExists, badRequest, invalid, notFound } from '../errors.ts';
import { type KubeObject, keyOf, type ObjectMeta, timestamp } from '../objects.ts';
import { type Resource, storedIn } from '../resources/resource.ts';
import { resourceOf } from '../resources/resources.ts';
import type { StoreContext, WriteOptions } from './context.ts';
import { generatedName, validateMetadata } from './names.ts';
import { readObject } from './read-object.ts';

/** Stores a new object and returns it as stored. */
export function createObject(
  context: StoreContext,
  resource: Resource,
  body: unknown,
  options: WriteOptions,
): KubeObject {
  const read = readObject(resource, body, options);
  const object = resource.view?.toStored(read) ?? read;
  const stored = resourceOf(storedIn(resource));
  if (object.metadata.resourceVersion !== undefined)
    throw badRequest('resourceVersion should not be set on objects to be created');
  object.metadata = newMetadata(context, stored, object.metadata);
  // The real server takes the status of new nodes, because kubelets register with it.
  if (options.isFromClient && stored.hasStatus && stored.kind !== 'Node') delete object['status'];
  const { name, namespace } = object.metadata;
  checkNamespace(context, stored, namespace);
  const key = keyOf(namespace, name);
  const errors = validateMetadata(stored, object.metadata);
  if (errors.length > 0) throw invalid(stored, name ?? '', errors);
  if (context.storage.collection(stored.id).objects.has(key)) throw alreadyExists(stored, name);
  const faults = stored.admit?.(object, undefined, context.cluster) ?? [];
  if (faults.length > 0) throw invalid(stored, name, faults);
  return options.isDryRun ? object : context.storage.put(stored.id, key, object);
}

/** The members come in the order of the Go struct; the version is filled in by the storage. */
function newMetadata({ cluster }: StoreContext, resource: Resource, metadata: ObjectMeta): ObjectMeta {
  const { generateName, namespace, labels, annotations, ownerReferences, finalizers, managedFields } =
    metadata;
  const name =
    metadata.name ?? (generateName === undefined ? undefined : generatedName(generateName, cluster.random));
  return {
    name,
    ...(generateName === undefined ? {} : { generateName }),
    ...(resource.isNamespaced ? { namespace: namespace ?? 'default' } : {}),
    uid: randomUUID(),
    resourceVersion: '',
    ...(resource.hasGeneration ? { generation: 1 } : {}),
    creationTimestamp: timestamp(cluster.now()),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(managedFields === undefined ? {} : { managedFields }),
  };
}

function checkNamespace({ storage }: StoreContext, resource: Resource, namespace: string | undefined): void {
  if (!resource.isNamespaced || namespace === undefined) return;
  const found = storage.collection('namespaces').objects.get(namespace);
  if (found === undefined) throw notFound(resourceOf('namespaces'), namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw new ApiError(403, 'Forbidden', `${resource.plural} is forbidden: ${why}`, { kind: resource.plural });
}
