import { once } from 'node:events';
import type { Server } from 'node:http';
import { loadAddon } from '../native/addon.ts';
import { familyOf } from '../net/address.ts';

/** Has a server listen on an address and port; rejects if it cannot. IPv6 alone, also on `::`. */
export type Listen = (server: Server, address: string, port: number) => Promise<void>;

/** Listens in the network namespace of the process. */
export const listenHere: Listen = async (server, address, port) => {
  server.listen({ host: address, port, ipv6Only: familyOf(address) === 'IPv6' });
  await once(server, 'listening');
};

/** Listens in a named network namespace, or one given by its path. */
export function listenInNamespace(namespace: string): Listen {
  return async (server, address, port) => {
    server.listen({ fd: loadAddon().listenIn(namespace, address, port) });
    await once(server, 'listening');
  };
}
