/**
 * The source behind `nodeplane run --manifests DIR`: Kubernetes objects from files instead of an API server.
 *
 * In: a directory of YAML and JSON files as `kubectl get -o yaml|json` prints them. Out: events, one batch for each
 * reading of the directory, and problems. It follows edits by inotify, without polling or waiting: changes that
 * come while a reading is under way lead to one more reading.
 */
import { setImmediate } from 'node:timers/promises';
import type { ObjectEvent } from '../api/objects.ts';
import { DirectoryWatcher } from './directory-watcher.ts';
import { eventsBetween, mergeManifests, type ObjectsByKey } from './merge.ts';
import type { ManifestProblem } from './problem.ts';
import { ProblemLog } from './problem-log.ts';
import { isManifestName, type ManifestFiles, readManifests } from './read-directory.ts';

/** None of the functions may throw: there is nobody who could handle it. */
export interface ManifestSourceOptions {
  readonly directory: string;
  /** The first batch is the complete state and comes even if it is empty; later ones have at least one event. */
  readonly onEvents: (events: readonly ObjectEvent[]) => void;
  /** Called once for a problem, when it appears. */
  readonly onProblem: (problem: ManifestProblem) => void;
  /** The last problem of a file (or of the directory, by its path) is solved. */
  readonly onHealthy: (file: string) => void;
}

export class ManifestSource {
  readonly #options: ManifestSourceOptions;
  readonly #watcher: DirectoryWatcher;
  readonly #problems = new ProblemLog();
  readonly #stale = new Set<string>();
  #isAllStale = false;
  #isReading = false;
  #isClosed = false;
  #files: ManifestFiles = new Map();
  #published: ObjectsByKey | undefined;

  constructor(options: ManifestSourceOptions) {
    this.#options = options;
    this.#watcher = new DirectoryWatcher(options.directory, (name) => this.#onChange(name));
  }

  /** Resolves when the first batch was given out; rejects if the directory cannot be read. */
  async start(): Promise<void> {
    this.#isReading = true;
    this.#publish(await this.#openAndRead());
    void this.#readWhileStale();
  }

  /** Stops watching; nothing is given out any more. */
  close(): void {
    this.#isClosed = true;
    this.#watcher.close();
  }

  #onChange(name: string | undefined): void {
    // `..data` is turned to another directory when a mounted ConfigMap has a new version: all files are new.
    if (name === undefined || name.startsWith('..')) this.#isAllStale = true;
    else if (isManifestName(name)) this.#stale.add(name);
    else return;
    if (!this.#isReading) void this.#readWhileStale();
  }

  /** Watches first: what changes during the first reading is then read again, not missed. */
  async #openAndRead(): Promise<ManifestFiles> {
    try {
      this.#watcher.open();
      return await this.#read();
    } catch (cause) {
      this.close();
      const { directory } = this.#options;
      throw new Error(`Cannot read manifests from ${directory}: ${(cause as Error).message}`, { cause });
    }
  }

  async #readWhileStale(): Promise<void> {
    this.#isReading = true;
    while (!this.#isClosed && (this.#isAllStale || this.#stale.size > 0)) {
      // inotify hands over its events one by one; after this turn we have all that it had.
      await setImmediate();
      await this.#read().then(
        (files) => this.#publish(files),
        (error: Error) => this.#reportDirectory(error),
      );
    }
    this.#isReading = false;
  }

  #read(): Promise<ManifestFiles> {
    const stale = this.#isAllStale ? undefined : new Set(this.#stale);
    this.#isAllStale = false;
    this.#stale.clear();
    return readManifests(this.#options.directory, this.#files, (name) => stale?.has(name) ?? true);
  }

  #publish(files: ManifestFiles): void {
    if (this.#isClosed) return;
    this.#files = files;
    const { objects, problems } = mergeManifests(files.values());
    const isFirst = this.#published === undefined;
    const events = eventsBetween(this.#published ?? new Map(), objects);
    this.#published = objects;
    if (isFirst || events.length > 0) this.#options.onEvents(events);
    this.#report(problems);
  }

  #reportDirectory(error: Error): void {
    const { problems } = mergeManifests(this.#files.values());
    const message = `cannot be read, its last objects stay: ${error.message}`;
    this.#report([...problems, { file: this.#options.directory, message }]);
  }

  #report(problems: readonly ManifestProblem[]): void {
    if (this.#isClosed) return;
    const { appeared, healthy } = this.#problems.update(problems);
    for (const problem of appeared) this.#options.onProblem(problem);
    // A file that is gone is not healthy; its problems went with it.
    for (const file of healthy) {
      if (this.#files.has(file) || file === this.#options.directory) this.#options.onHealthy(file);
    }
  }
}
