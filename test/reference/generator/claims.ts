/** Frontends that some service port has already: two of one key are undefined (VIP-07). */
export class Claims {
  readonly #keys = new Set<string>();

  /** Takes all keys, or none if one of them is taken. */
  take(keys: readonly string[]): boolean {
    const isFree = keys.every((key) => !this.#keys.has(key)) && new Set(keys).size === keys.length;
    if (isFree) for (const key of keys) this.#keys.add(key);
    return isFree;
  }
}
