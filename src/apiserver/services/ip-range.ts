/** A CIDR as a row of addresses to hand out. */
import { addressText, addressWords, type Cidr, type Family, parseCidr } from '../../net/address.ts';

export class IpRange {
  readonly text: string;
  readonly family: Family;
  /** Addresses that may be handed out, at most 2^32; the network's own and, of IPv4, the broadcast address are not. */
  readonly size: number;
  readonly #base: readonly number[];
  readonly #cidr: Cidr;

  private constructor(cidr: Cidr) {
    this.#cidr = cidr;
    this.text = `${cidr.address}/${cidr.prefixLength}`;
    this.family = cidr.family;
    this.#base = addressWords(cidr.address) ?? [];
    const hostBits = Math.min(32, this.#base.length * 32 - cidr.prefixLength);
    this.size = Math.max(0, 2 ** hostBits - (cidr.family === 'IPv4' ? 2 : 1));
  }

  /** Reads a CIDR; throws on text that is none (validation keeps such out). */
  static of(text: string): IpRange {
    const cidr = parseCidr(text);
    if (cidr === undefined) throw new Error(`"${text}" is not a CIDR`);
    return new IpRange(cidr);
  }

  /** The n-th address, from 0. */
  at(index: number): string {
    const words = [...this.#base];
    words.push((words.pop() ?? 0) + index + 1);
    return addressText(words);
  }

  contains(address: string): boolean {
    return parseCidr(`${address}/${this.#cidr.prefixLength}`)?.address === this.#cidr.address;
  }
}
