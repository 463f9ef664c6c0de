/** Above this many words a buffer gives its memory back when it is emptied: it has served a full load. */
const KEEP_WORDS = 16_384;

/** A growing array of 32-bit words. */
export class WordBuffer {
  #words = new Uint32Array(64);
  length = 0;

  push(word: number): void {
    if (this.length === this.#words.length) {
      const grown = new Uint32Array(this.length * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words[this.length++] = word;
  }

  /** Copies the words to `rows` and forgets them; returns how many they were. */
  moveTo(rows: Uint32Array, offset: number): number {
    const { length } = this;
    if (length === 0) return 0;
    rows.set(this.#words.subarray(0, length), offset);
    this.length = 0;
    if (this.#words.length > KEEP_WORDS) this.#words = new Uint32Array(64);
    return length;
  }

  /** The words, which it forgets. */
  take(): Uint32Array {
    const words = new Uint32Array(this.length);
    this.moveTo(words, 0);
    return words;
  }
}
