/** All files of the directory together: which objects there are, and what changed. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { identityOf } from '../api/identity.ts';
import type { ApiObject, ObjectEvent } from '../api/objects.ts';
import type { ManifestFile } from './manifest-file.ts';
import { fieldProblem, type ManifestProblem } from './problem.ts';

export type ObjectsByKey = ReadonlyMap<string, ApiObject>;

export interface Merged {
  readonly objects: ObjectsByKey;
  /** Of the files themselves, and of objects that two files claim. */
  readonly problems: readonly ManifestProblem[];
}

/** Merges files; of two with the same object the first by name wins (by code unit, so alike on all machines). */
export function mergeManifests(files: Iterable<ManifestFile>): Merged {
  const owners = new Map<string, string>();
  const objects = new Map<string, ApiObject>();
  const problems: ManifestProblem[] = [];
  for (const file of [...files].sort(byName)) {
    problems.push(...file.problems);
    for (const [key, { object, position }] of file.objects) {
      const owner = owners.get(key);
      if (owner !== undefined) {
        const message = `is in ${owner} too, which comes first by name; the one in ${file.name} is not used`;
        problems.push(fieldProblem(file.name, position(), identityOf(object), { path: [], message }));
        continue;
      }
      owners.set(key, file.name);
      objects.set(key, object);
    }
  }
  return { objects, problems };
}

function byName(one: ManifestFile, other: ManifestFile): number {
  return one.name < other.name ? -1 : 1;
}

/** The events that lead from one state to another: deletions first, each part in the order of its state. */
export function eventsBetween(before: ObjectsByKey, after: ObjectsByKey): readonly ObjectEvent[] {
  const events: ObjectEvent[] = [];
  for (const [key, object] of before) {
    if (!after.has(key)) events.push({ type: 'delete', ...identityOf(object) });
  }
  for (const [key, object] of after) {
    const known = before.get(key);
    // Objects that did not change are mostly identical (manifest-file.ts), which costs nothing to see.
    if (known === object || (known !== undefined && isDeepStrictEqual(known, object))) continue;
    events.push({ type: 'put', object });
  }
  return events;
}
