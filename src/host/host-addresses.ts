import { type AddressMonitor, type KernelError, loadAddon } from '../native/addon.ts';
import { addressText } from '../net/address.ts';

export interface HostAddressesOptions {
  /** A named network namespace, or a path; absent means the process's own. */
  readonly namespace?: string | undefined;
  /** Told all addresses of the host, at first and whenever they changed. */
  readonly onChange: (addresses: readonly string[]) => void;
  /** Told once when they cannot be read; they are told again as soon as they can. */
  readonly onFailure: (error: KernelError) => void;
}

/**
 * The addresses that this host answers to, followed from its construction to close().
 *
 * Out: canonical text, sorted, each once, of both families: every address of an interface that is up, loopback
 * included, but not those that duplicate address detection has not cleared. It does not keep the process alive.
 */
export class HostAddresses {
  readonly #monitor: AddressMonitor;

  constructor({ namespace, onChange, onFailure }: HostAddressesOptions) {
    const { AddressMonitor } = loadAddon();
    this.#monitor = new AddressMonitor(namespace === undefined ? {} : { namespace }, (error, rows) => {
      if (error !== undefined) onFailure(error);
      if (rows !== undefined) onChange(addressesOf(rows));
    });
  }

  close(): void {
    this.#monitor.close();
  }
}

/** Reads what the addon tells: for each address the number of its words, then the words. */
export function addressesOf(rows: Uint32Array): string[] {
  const addresses: string[] = [];
  for (let at = 0; at < rows.length; at += 1 + (rows[at] ?? 0)) {
    addresses.push(addressText([...rows.subarray(at + 1, at + 1 + (rows[at] ?? 0))]));
  }
  return addresses;
}
