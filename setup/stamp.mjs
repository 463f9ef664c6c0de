import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Remembers, in a file, from which inputs something was made. */
export class Stamp {
  #file;
  #inputs;

  /**
   * @param {string} file where the stamp is kept
   * @param {readonly string[]} inputs files and folders
   */
  constructor(file, inputs) {
    this.#file = file;
    this.#inputs = inputs;
  }

  isFresh() {
    try {
      return readFileSync(this.#file, 'utf8') === this.#digest();
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  write() {
    mkdirSync(path.dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, this.#digest());
  }

  #digest() {
    const hash = createHash('sha256');
    for (const file of this.#inputs.flatMap(filesOf))
      hash.update(file).update('\0').update(readFileSync(file));
    return hash.digest('hex');
  }
}

/**
 * @param {string} input
 * @returns {string[]}
 */
function filesOf(input) {
  try {
    const names = readdirSync(input).toSorted();
    return names.flatMap((name) => filesOf(path.join(input, name)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return [input];
    throw error;
  }
}

/** @param {unknown} error */
function isAbsent(error) {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
