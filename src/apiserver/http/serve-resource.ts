/** The verbs on resources over HTTP: each reads its request, does the work in the store and makes the answer. */
import type { Codec } from '../codec/codec.ts';
import type { IncludeObject } from '../codec/table-codec.ts';
import { badRequest, methodNotAllowed, noSuchPath, notFound, type Status } from '../errors.ts';
import { isObject, type KubeObject } from '../objects.ts';
import { storedIn } from '../resources/resource.ts';
import type { Storage } from '../storage/storage.ts';
import type { ApiStore } from '../store/api-store.ts';
import type { ObjectRef, WriteOptions } from '../store/context.ts';
import type { DeleteOptions } from '../store/delete.ts';
import { readBody, readDeleteOptions, readPatch } from './body.ts';
import { type Answer, type Exchange, jsonAnswer } from './exchange.ts';
import { listPage } from './list.ts';
import type { Codecs } from './negotiate.ts';
import type { Target } from './route.ts';
import { selectionOf } from './selection.ts';
import { startWatch, type WatchSettings } from './watch.ts';

export interface Backing {
  readonly store: ApiStore;
  readonly storage: Storage;
  readonly codecs: Codecs;
  readonly watching: () => WatchSettings;
}

/** Answers a request to a resource; a watch answers itself, bit by bit. */
export async function serveResource(
  exchange: Exchange,
  target: Target,
  backing: Backing,
): Promise<Answer | undefined> {
  const { resource, name, subresource } = target;
  if (subresource !== undefined && !(subresource === 'status' && resource.hasStatus)) throw noSuchPath();
  if (exchange.method === 'GET' && (name === undefined || exchange.flag('watch')))
    return listOrWatch(exchange, target, backing);
  const verbs = name === undefined ? COLLECTION_VERBS : OBJECT_VERBS;
  const verb = verbs[exchange.method];
  if (verb === undefined) throw methodNotAllowed();
  const codec = codecOf(exchange, target, backing);
  return verb({ exchange, target, backing, codec });
}

interface Call {
  readonly exchange: Exchange;
  readonly target: Target;
  readonly backing: Backing;
  readonly codec: Codec;
}

type Verb = (call: Call) => Promise<Answer>;

const COLLECTION_VERBS: Readonly<Record<string, Verb>> = { POST: create, DELETE: deleteCollection };
const OBJECT_VERBS: Readonly<Record<string, Verb>> = { GET: get, PUT: update, PATCH: patch, DELETE: remove };

function codecOf(exchange: Exchange, { resource }: Target, { codecs }: Backing): Codec {
  const include = (exchange.query('includeObject') ?? 'Metadata') as IncludeObject;
  return codecs.negotiate(resource, exchange.header('accept'), include);
}

function answer(codec: Codec, object: KubeObject, status = 200): Answer {
  return { status, mediaType: codec.mediaType, body: codec.object(object) };
}

async function listOrWatch(
  exchange: Exchange,
  target: Target,
  backing: Backing,
): Promise<Answer | undefined> {
  const codec = codecOf(exchange, target, backing);
  const { storage } = backing;
  const collection = storage.collection(storedIn(target.resource));
  const selection = selectionOf(exchange, target);
  if (exchange.flag('watch')) {
    startWatch(exchange, codec, storage, collection, selection, backing.watching());
    return undefined;
  }
  const { objects, metadata } = listPage(exchange, collection, selection, storage.version);
  return { status: 200, mediaType: codec.mediaType, body: codec.list(objects, metadata) };
}

async function get({ target, backing, codec }: Call): Promise<Answer> {
  return answer(codec, backing.store.get(target.resource, refOf(target)));
}

async function create({ exchange, target, backing, codec }: Call): Promise<Answer> {
  const body = inNamespace(await readBody(exchange, target.resource), target);
  return answer(codec, backing.store.create(target.resource, body, writeOptions(exchange, target)), 201);
}

async function update({ exchange, target, backing, codec }: Call): Promise<Answer> {
  const body = inNamespace(await readBody(exchange, target.resource), target);
  const { metadata } = body;
  if (isObject(metadata) && metadata['name'] !== target.name) {
    throw badRequest(
      `the name of the object (${String(metadata['name'])}) does not match the name on the URL (${target.name})`,
    );
  }
  return answer(codec, backing.store.update(target.resource, body, writeOptions(exchange, target)));
}

async function patch({ exchange, target, backing, codec }: Call): Promise<Answer> {
  const request = {
    ...(await readPatch(exchange)),
    fieldManager: exchange.query('fieldManager'),
    isForced: exchange.flag('force'),
  };
  const options = writeOptions(exchange, target);
  const { object, isCreated } = backing.store.patch(target.resource, refOf(target), request, options);
  return answer(codec, object, isCreated ? 201 : 200);
}

async function remove({ exchange, target, backing, codec }: Call): Promise<Answer> {
  const options = await deleteOptions(exchange);
  const { object, isGone } = backing.store.delete(target.resource, refOf(target), options);
  return isGone ? jsonAnswer(deleted(target, object)) : answer(codec, object);
}

async function deleteCollection({ exchange, target, backing, codec }: Call): Promise<Answer> {
  const options = await deleteOptions(exchange);
  const collection = backing.storage.collection(storedIn(target.resource));
  const { objects, metadata } = listPage(
    exchange,
    collection,
    selectionOf(exchange, target),
    backing.storage.version,
  );
  for (const { metadata: it } of objects) backing.store.delete(target.resource, it, options);
  return { status: 200, mediaType: codec.mediaType, body: codec.list(objects, metadata) };
}

function refOf({ resource, namespace, name }: Target): ObjectRef {
  if (name === undefined) throw notFound(resource, '');
  return { name, namespace };
}

/** The body with the namespace of the path, which it may leave out but not contradict. */
function inNamespace(body: unknown, { resource, namespace, name }: Target): Record<string, unknown> {
  if (!isObject(body)) throw badRequest('the body is no object');
  const metadata = isObject(body['metadata']) ? body['metadata'] : {};
  if (!resource.isNamespaced) return { ...body, metadata: { ...metadata, name: metadata['name'] ?? name } };
  const own = metadata['namespace'];
  if (own !== undefined && own !== '' && own !== namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  }
  return { ...body, metadata: { ...metadata, namespace, name: metadata['name'] ?? name } };
}

function writeOptions(exchange: Exchange, { subresource }: Target): WriteOptions {
  const validation = exchange.query('fieldValidation');
  return {
    isFromClient: true,
    isDryRun: exchange.query('dryRun') === 'All',
    subresource: subresource === 'status' ? 'status' : undefined,
    fieldValidation: validation === 'Strict' || validation === 'Ignore' ? validation : 'Warn',
  };
}

/** Grace period and preconditions from the body, or the grace period from the query. */
async function deleteOptions(exchange: Exchange): Promise<DeleteOptions> {
  const { gracePeriodSeconds, preconditions, dryRun } = await readDeleteOptions(exchange);
  return {
    gracePeriodSeconds:
      typeof gracePeriodSeconds === 'number' ? gracePeriodSeconds : exchange.number('gracePeriodSeconds'),
    preconditions: isObject(preconditions) ? preconditions : undefined,
    isDryRun: exchange.query('dryRun') === 'All' || Array.isArray(dryRun),
  };
}

function deleted({ resource }: Target, { metadata }: KubeObject): Status {
  const group = resource.group === '' ? {} : { group: resource.group };
  const details = {
    name: metadata.name,
    ...group,
    kind: resource.plural,
    ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
  };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}
