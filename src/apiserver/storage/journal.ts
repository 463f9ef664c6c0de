/**
 * The state on disk: a file of JSON lines, one for each change. Opening it reads what is there and writes it anew without
 * what was overwritten. Lines reach the kernel before the change is answered, so that a killed server loses nothing;
 * they are not forced to the disk.
 */
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { KubeObject } from '../objects.ts';

/** A line: the new state of an object, or that it is gone. */
export interface JournalEntry {
  readonly version: number;
  readonly resource: string;
  readonly key: string;
  readonly object: KubeObject | undefined;
}

export interface SavedState {
  readonly version: number;
  readonly objects: readonly { resource: string; key: string; object: KubeObject }[];
}

export class Journal {
  readonly #file: string;
  #descriptor: number | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Reads the state and makes the file ready for {@link append}. */
  load(): SavedState {
    const state = readState(this.#file);
    const temporary = `${this.#file}.new`;
    this.#descriptor = openSync(temporary, 'w', 0o600);
    this.#write({ version: state.version });
    for (const { resource, key, object } of state.objects)
      this.#write({ version: state.version, resource, key, object });
    renameSync(temporary, this.#file);
    return state;
  }

  append(entry: JournalEntry): void {
    this.#write(entry);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #write(line: object): void {
    if (this.#descriptor !== undefined) writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
  }
}

function readState(file: string): SavedState {
  const objects = new Map<string, { resource: string; key: string; object: KubeObject }>();
  let version = 0;
  for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    const entry = parseLine(line);
    if (entry === undefined) continue;
    version = Math.max(version, entry.version);
    const { resource, key, object } = entry;
    if (object === undefined) objects.delete(`${resource} ${key}`);
    else objects.set(`${resource} ${key}`, { resource, key, object });
  }
  return { version, objects: [...objects.values()] };
}

/** A line, or undefined for the last one if the server was killed while writing it. */
function parseLine(line: string): JournalEntry | undefined {
  try {
    return JSON.parse(line) as JournalEntry;
  } catch {
    return undefined;
  }
}
