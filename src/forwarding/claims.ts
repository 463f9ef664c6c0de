/**
 * Keys that several owners may claim with different values, such as a frontend in two Services.
 *
 * The owner whose name sorts first wins, so that the outcome does not depend on the order of arrival
 * (VIP-07 leaves it undefined). Uncontested keys, nearly all, cost one map entry.
 */
export class Claims<Value> {
  readonly #winners = new Map<string, Claim<Value>>();
  readonly #losers = new Map<string, Claim<Value>[]>();

  get(key: string): Value | undefined {
    return this.#winners.get(key)?.value;
  }

  entries(): Iterable<[string, Value]> {
    return this.#winners.entries().map(([key, claim]): [string, Value] => [key, claim.value]);
  }

  /** Sets or replaces an owner's claim. Returns the other owner if the key is contested. */
  set(key: string, owner: string, value: Value): string | undefined {
    const claim = { owner, value };
    const winner = this.#winners.get(key);
    if (winner === undefined || winner.owner === owner) {
      this.#winners.set(key, claim);
      return undefined;
    }
    const losers = (this.#losers.get(key) ?? []).filter((loser) => loser.owner !== owner);
    const [first, second] = owner < winner.owner ? [claim, winner] : [winner, claim];
    this.#winners.set(key, first);
    this.#losers.set(key, [...losers, second]);
    return winner.owner;
  }

  /** Withdraws an owner's claim; the next owner in line takes the key. */
  delete(key: string, owner: string): void {
    const losers = this.#losers.get(key);
    const isWinner = this.#winners.get(key)?.owner === owner;
    if (losers === undefined) {
      if (isWinner) this.#winners.delete(key);
      return;
    }
    if (!isWinner) {
      this.#keepLosers(
        key,
        losers.filter((loser) => loser.owner !== owner),
      );
      return;
    }
    const [next, ...rest] = losers.toSorted((a, b) => (a.owner < b.owner ? -1 : 1));
    if (next === undefined) this.#winners.delete(key);
    else this.#winners.set(key, next);
    this.#keepLosers(key, rest);
  }

  #keepLosers(key: string, losers: Claim<Value>[]): void {
    if (losers.length === 0) this.#losers.delete(key);
    else this.#losers.set(key, losers);
  }
}

interface Claim<Value> {
  readonly owner: string;
  readonly value: Value;
}
