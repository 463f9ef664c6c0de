/** A set of strings in which a member stays as long as somebody wants it. */
export class CountedSet {
  readonly #counts = new Map<string, number>();

  has(member: string): boolean {
    return this.#counts.has(member);
  }

  values(): Iterable<string> {
    return this.#counts.keys();
  }

  add(member: string): void {
    this.#counts.set(member, (this.#counts.get(member) ?? 0) + 1);
  }

  delete(member: string): void {
    const count = this.#counts.get(member) ?? 0;
    if (count <= 1) this.#counts.delete(member);
    else this.#counts.set(member, count - 1);
  }
}
