/** What a change means for a store, and for a list that is still coming in. Unreadable objects are reported here. */

import type { Decoded } from '../../api/decode.ts';
import { type Identity, identityOf } from '../../api/identity.ts';
import type { ObjectEvent } from '../../api/objects.ts';
import type { ObjectChange } from '../messages/watch-event.ts';
import type { ObjectStore } from './object-store.ts';
import type { ProblemReport } from './problem-report.ts';
import type { Snapshot } from './snapshot.ts';

/** A change of an object that nobody can name: only a list tells how things are now. */
export class NamelessChangeError extends Error {
  override readonly name = 'NamelessChangeError';
}

/** Applies a change to a store. What cannot be read leaves the last good version in force. */
export function takeIntoStore(
  store: ObjectStore,
  change: ObjectChange,
  report: ProblemReport,
): ObjectEvent[] {
  const { type, decoded } = change;
  if (type === 'put' && 'object' in decoded) {
    report.readable(identityOf(decoded.object));
    return [store.put(decoded.object)];
  }
  const identity = type === 'put' ? reported(decoded, report) : identityIn(decoded);
  if (identity === undefined)
    throw new NamelessChangeError('a change of an object whose name cannot be read');
  if (type === 'put') return [];
  report.readable(identity);
  return store.delete(identity);
}

/** Applies an initial event to a list that is not complete yet. */
export function takeIntoSnapshot(snapshot: Snapshot, change: ObjectChange, report: ProblemReport): void {
  if (change.type === 'put') {
    takeItem(snapshot, change.decoded, report);
    return;
  }
  const identity = identityIn(change.decoded);
  if (identity === undefined) snapshot.putUnreadable(undefined);
  else snapshot.delete(identity);
}

/** Adds an item to a list. */
export function takeItem(snapshot: Snapshot, item: Decoded, report: ProblemReport): void {
  if ('object' in item) {
    report.readable(identityOf(item.object));
    snapshot.put(item.object);
  } else {
    snapshot.putUnreadable(reported(item, report));
  }
}

function reported(decoded: Decoded, report: ProblemReport): Identity | undefined {
  const identity = identityIn(decoded);
  if ('errors' in decoded) report.unreadable(decoded.errors, identity);
  return identity;
}

function identityIn(decoded: Decoded): Identity | undefined {
  if ('object' in decoded) return identityOf(decoded.object);
  return 'errors' in decoded ? decoded.identity : undefined;
}
