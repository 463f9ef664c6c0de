import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/**
 * Tells that something changed in a directory, by inotify.
 *
 * The parent is watched as well: a watch belongs to an inode, so a directory that is removed and made anew (or a
 * symbolic link that is turned to another one) needs a new watch.
 */
export class DirectoryWatcher {
  readonly #directory: string;
  readonly #onChange: (name: string | undefined) => void;
  #inside: FSWatcher | undefined;
  #parent: FSWatcher | undefined;

  /** `onChange` gets the name of the entry, or undefined when anything may have changed. */
  constructor(directory: string, onChange: (name: string | undefined) => void) {
    this.#directory = resolve(directory);
    this.#onChange = onChange;
  }

  /** Throws what the operating system says if the directory cannot be watched. */
  open(): void {
    this.#inside = this.#watch(this.#directory, (name) => this.#onEntry(name));
    try {
      this.#parent = this.#watch(dirname(this.#directory), (name) => this.#onSibling(name));
    } catch {
      // Not allowed to look there: then a directory that is made anew is not noticed. All else works.
    }
  }

  close(): void {
    this.#inside?.close();
    this.#parent?.close();
  }

  #watch(path: string, onName: (name: string | undefined) => void): FSWatcher {
    const watcher = watch(path, (_event, name) => onName(name ?? undefined));
    watcher.on('error', () => this.#onChange(undefined));
    return watcher;
  }

  /** When the directory itself is moved or removed, its own name comes in place of an entry's. */
  #onEntry(name: string | undefined): void {
    this.#onChange(name === basename(this.#directory) ? undefined : name);
  }

  #onSibling(name: string | undefined): void {
    if (name !== undefined && name !== basename(this.#directory)) return;
    this.#inside?.close();
    this.#inside = undefined;
    try {
      this.#inside = this.#watch(this.#directory, (entry) => this.#onEntry(entry));
    } catch {
      // Gone for now. Whoever reads it next will say so, and the parent tells when it is back.
    }
    this.#onChange(undefined);
  }
}
