/**
 * One file of the manifests directory: from its text, and what was known of it before, to its objects and problems.
 *
 * Pure. The rule for everything that is broken: what was last good from it stays. That holds for a whole file that
 * does not parse, and for a single object with a wrong field, whose neighbours in the file are followed.
 */
import { isDeepStrictEqual } from 'node:util';
import { type DecodedEntry, decodeObjects } from '../api/decode.ts';
import type { FieldPath } from '../api/field-errors.ts';
import { type Identity, identityKey, identityOf } from '../api/identity.ts';
import type { ApiObject } from '../api/objects.ts';
import { type Locator, locatorOf, parseManifest } from './parse.ts';
import { fieldProblem, type ManifestProblem, type Position } from './problem.ts';

export interface ManifestFile {
  readonly name: string;
  /** The text that was read last; undefined if that failed. */
  readonly text: string | undefined;
  /** By identity key, in the order of the file. */
  readonly objects: ReadonlyMap<string, ManifestObject>;
  readonly problems: readonly ManifestProblem[];
}

export interface ManifestObject {
  readonly object: ApiObject;
  /** Where the object is in the text; undefined for one that is kept from an earlier text. */
  readonly position: () => Position | undefined;
}

/** The file after its text was read. An object equal to the previous one stays the identical JavaScript object. */
export function readManifest(name: string, text: string, previous?: ManifestFile): ManifestFile {
  if (previous !== undefined && previous.text === text) return previous;
  if (text.trim() === '') return emptyManifest(name, text, previous);
  const parsed = parseManifest(text, name.endsWith('.json'));
  if ('documents' in parsed) return new Reading(name, text, previous).read(parsed.documents);
  const { position, syntaxError } = parsed;
  return unreadManifest(
    { file: name, position, message: `cannot be parsed: ${syntaxError}` },
    text,
    previous,
  );
}

/** The file when it cannot be read or parsed: all of its objects stay. */
export function unreadManifest(
  problem: ManifestProblem,
  text: string | undefined,
  previous: ManifestFile | undefined,
): ManifestFile {
  return { name: problem.file, text, objects: keptObjects(previous), problems: [problem] };
}

/**
 * A file without text. It is what `> file` and many editors leave for a moment before they write, so its objects
 * stay; who wants them gone deletes the file or leaves a comment in it.
 */
function emptyManifest(name: string, text: string, previous: ManifestFile | undefined): ManifestFile {
  const kept = previous?.objects.size ?? 0;
  if (kept === 0) return { name, text, objects: new Map(), problems: [] };
  const message = `is empty: its last objects (${kept}) stay until it has content or is deleted`;
  return unreadManifest({ file: name, message }, text, previous);
}

function keptObjects(file: ManifestFile | undefined): Map<string, ManifestObject> {
  const kept = new Map<string, ManifestObject>();
  for (const [key, { object }] of file?.objects ?? []) kept.set(key, { object, position: nowhere });
  return kept;
}

function nowhere(): undefined {
  return undefined;
}

/** One pass over the documents of a text. */
class Reading {
  readonly #name: string;
  readonly #text: string;
  readonly #locate: Locator;
  readonly #previous: ReadonlyMap<string, ManifestObject>;
  readonly #objects = new Map<string, ManifestObject>();
  readonly #problems: ManifestProblem[] = [];
  #hasNamelessErrors = false;

  constructor(name: string, text: string, previous: ManifestFile | undefined) {
    this.#name = name;
    this.#text = text;
    this.#locate = locatorOf(text);
    this.#previous = keptObjects(previous);
  }

  read(documents: readonly unknown[]): ManifestFile {
    for (const [index, document] of documents.entries()) {
      if (document === null) continue;
      for (const entry of decodeObjects(document)) this.#take(index, entry);
    }
    if (this.#hasNamelessErrors) this.#keepTheRest();
    return { name: this.#name, text: this.#text, objects: this.#objects, problems: this.#problems };
  }

  #take(document: number, { path, decoded }: DecodedEntry): void {
    if ('object' in decoded) this.#put(document, path, decoded.object);
    if (!('errors' in decoded)) return;
    for (const error of decoded.errors) {
      const position = this.#locate(document, [...path, ...error.path]);
      this.#problems.push(fieldProblem(this.#name, position, decoded.identity, error));
    }
    if (decoded.identity === undefined) this.#hasNamelessErrors = true;
    else this.#keep(identityKey(decoded.identity));
  }

  #put(document: number, path: FieldPath, object: ApiObject): void {
    const identity = identityOf(object);
    const key = identityKey(identity);
    const position = (): Position | undefined => this.#locate(document, path);
    if (this.#objects.has(key)) {
      this.#reportTwin(identity, position());
      return;
    }
    const previous = this.#previous.get(key)?.object;
    const isUnchanged = previous !== undefined && isDeepStrictEqual(previous, object);
    this.#objects.set(key, { object: isUnchanged ? previous : object, position });
  }

  #reportTwin(identity: Identity, position: Position | undefined): void {
    const message = 'is in this file twice; the first one counts';
    this.#problems.push(fieldProblem(this.#name, position, identity, { path: [], message }));
  }

  #keep(key: string): void {
    const previous = this.#previous.get(key);
    if (previous !== undefined && !this.#objects.has(key)) this.#objects.set(key, previous);
  }

  /** An object with errors that cannot be named may be any of the file's, so none of them counts as deleted. */
  #keepTheRest(): void {
    for (const key of this.#previous.keys()) this.#keep(key);
  }
}
