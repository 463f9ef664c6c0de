/** Reads the files of the manifests directory. The only module here that reads from the disk. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ManifestFile, readManifest, unreadManifest } from './manifest-file.ts';

export type ManifestFiles = ReadonlyMap<string, ManifestFile>;

/**
 * Whether a file of this name is a manifest. Hidden files are none, which keeps out the temporary files of editors
 * (`.shop.yaml.swp`, `.#shop.yaml`; others such as `4913` and `shop.yaml~` have another ending) and the `..data`
 * of a ConfigMap mount, whose visible names are symbolic links.
 */
export function isManifestName(name: string): boolean {
  return !name.startsWith('.') && /\.(?:yaml|yml|json)$/.test(name);
}

/**
 * The files of the directory now. Those in `stale` are read, and those never seen; the others are taken over from
 * `known`. Throws what the operating system says if the directory cannot be listed.
 */
export async function readManifests(
  directory: string,
  known: ManifestFiles,
  stale: (name: string) => boolean,
): Promise<ManifestFiles> {
  const listed = new Set((await readdir(directory)).filter(isManifestName));
  // A known file that is not listed is looked at once more: editors move a file away just before they write it anew.
  const names = [...listed.union(new Set(known.keys()))];
  const files = await Promise.all(
    names.map((name) => {
      const previous = known.get(name);
      const isCurrent = previous !== undefined && listed.has(name) && !stale(name);
      return isCurrent ? previous : readOne(directory, name, previous);
    }),
  );
  return new Map(files.flatMap((file) => (file === undefined ? [] : [[file.name, file]])));
}

async function readOne(
  directory: string,
  name: string,
  previous: ManifestFile | undefined,
): Promise<ManifestFile | undefined> {
  try {
    const text = await readSettled(join(directory, name));
    return text === undefined ? undefined : readManifest(name, text, previous);
  } catch (error) {
    if (isMissing(error)) return undefined;
    return unreadManifest(
      { file: name, message: `cannot be read: ${(error as Error).message}` },
      undefined,
      previous,
    );
  }
}

const MOST_ATTEMPTS = 10;

/**
 * The text of a file that did not change while it was read; undefined for what is no regular file.
 *
 * A file that is being written in place can be caught half-way. While the writer is busy the size or time moves on
 * under our eyes, and we start again; a writer that pauses shows us a part, and its next write an event.
 */
async function readSettled(path: string): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const before = await stat(path, { bigint: true });
    if (!before.isFile()) return undefined;
    const text = await readFile(path, 'utf8');
    const after = await stat(path, { bigint: true });
    const isSettled =
      before.ino === after.ino && before.size === after.size && before.mtimeNs === after.mtimeNs;
    if (isSettled || attempt === MOST_ATTEMPTS) return text;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
