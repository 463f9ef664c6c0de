import { readFile } from 'node:fs/promises';

/** A bearer token in a file that somebody else renews; tokens of service accounts live about an hour. */
export class TokenFile {
  readonly #file: string;
  readonly #maxAge: number;
  #token: string | undefined;
  #readAt = -Infinity;

  /** What was read counts for `maxAge` milliseconds. */
  constructor(file: string, maxAge: number) {
    this.#file = file;
    this.#maxAge = maxAge;
  }

  /** The token. While the file cannot be read, the last one. */
  async read(): Promise<string> {
    if (this.#token !== undefined && performance.now() - this.#readAt < this.#maxAge) return this.#token;
    try {
      this.#token = (await readFile(this.#file, 'utf8')).trim();
      this.#readAt = performance.now();
    } catch (cause) {
      if (this.#token === undefined) {
        throw new Error(`Cannot read the token: ${(cause as Error).message}`, { cause });
      }
    }
    return this.#token;
  }

  /** The next {@link read} looks at the file. */
  forget(): void {
    this.#readAt = -Infinity;
  }
}
