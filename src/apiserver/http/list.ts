/** Lists: selectors, pages, versions (wire.md 5). Source: apiserver/pkg/storage, "resource versions" in the API concepts. */
import type { ListMeta } from '../codec/codec.ts';
import { badRequest, expired, tooLargeVersion } from '../errors.ts';
import { type KubeObject, keyOf } from '../objects.ts';
import type { Collection } from '../storage/collection.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import type { Exchange } from './exchange.ts';
import type { Selection } from './selection.ts';

export interface Page {
  readonly objects: readonly KubeObject[];
  readonly metadata: ListMeta;
}

interface Snapshot {
  readonly version: number;
  readonly objects: readonly KubeObject[];
}

/** The page that a request asks for. Throws 400, 410 and 504. */
export function listPage(
  exchange: Exchange,
  collection: Collection,
  selection: Selection,
  version: number,
): Page {
  const token = exchange.query('continue') ?? '';
  const asked = exchange.number('resourceVersion');
  if (token !== '' && asked !== undefined && asked !== 0) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  if (asked !== undefined && asked > version) throw tooLargeVersion(asked, version);
  // From the watch cache, which is what version 0 asks for, lists come whole.
  const limit = asked === 0 && token === '' ? 0 : (exchange.number('limit') ?? 0);
  if (token !== '') return continued(collection, selection, token, limit);
  const isExact = exchange.query('resourceVersionMatch') === 'Exact' && asked !== undefined;
  const snapshot = isExact ? snapshotAt(collection, asked) : { version, objects: collection.sorted() };
  if (snapshot === undefined) throw expired('The resourceVersion for the provided list is too old.');
  return pageOf(snapshot, selection, limit, '');
}

function continued(collection: Collection, selection: Selection, token: string, limit: number): Page {
  const { version, after } = decodeContinue(token);
  const snapshot = snapshotAt(collection, version);
  if (snapshot === undefined) {
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    );
  }
  return pageOf(snapshot, selection, limit, after);
}

function snapshotAt(collection: Collection, version: number): Snapshot | undefined {
  const objects = collection.at(version);
  if (objects === undefined) return undefined;
  const sorted = [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  return { version, objects: sorted };
}

function pageOf({ version, objects }: Snapshot, selection: Selection, limit: number, after: string): Page {
  const isWanted = (object: KubeObject): boolean =>
    (after === '' || keyOfObject(object) > after) && selection.matches(object);
  const wanted = selection.isAll && after === '' ? objects : objects.filter(isWanted);
  const resourceVersion = String(version);
  if (limit === 0 || wanted.length <= limit) return { objects: wanted, metadata: { resourceVersion } };
  const page = wanted.slice(0, limit);
  const last = page.at(-1);
  const token = encodeContinue({ version, after: last === undefined ? after : keyOfObject(last) });
  // With selectors the real server does not know how many are left.
  const remaining = selection.hasSelectors ? {} : { remainingItemCount: wanted.length - limit };
  return { objects: page, metadata: { resourceVersion, continue: token, ...remaining } };
}

function keyOfObject({ metadata }: KubeObject): string {
  return keyOf(metadata.namespace, metadata.name);
}
