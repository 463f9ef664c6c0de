/** A set of strings in which a member stays as long as somebody wants it. */
export class CountedSet {
  readonly #members = new Set<string>();
  /** How many want a member beyond the first: few do, so that a set is all that most members cost. */
  readonly #others = new Map<string, number>();

  has(member: string): boolean {
    return this.#members.has(member);
  }

  values(): Iterable<string> {
    return this.#members.values();
  }

  add(member: string): void {
    const { size } = this.#members;
    // The size tells whether it is new, without a look-up before.
    if (this.#members.add(member).size > size) return;
    this.#others.set(member, (this.#others.get(member) ?? 0) + 1);
  }

  delete(member: string): void {
    const others = this.#others.get(member);
    if (others === undefined) this.#members.delete(member);
    else if (others === 1) this.#others.delete(member);
    else this.#others.set(member, others - 1);
  }
}
