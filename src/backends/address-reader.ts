import { addressText, type Family, withPort } from '../net/address.ts';

/** Reads the addresses of one family in rows. */
export class AddressReader {
  /** Words of an address. */
  readonly width: number;

  constructor(family: Family) {
    this.width = family === 'IPv4' ? 1 : 4;
  }

  address(words: Uint32Array): string {
    return addressText([...words]);
  }

  /** `address:port` */
  endpoint(words: Uint32Array): string {
    return withPort(this.address(words.subarray(0, this.width)), words[this.width] ?? 0);
  }
}
