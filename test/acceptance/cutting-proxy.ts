/** A proxy in front of a server that cuts connections in the middle of an answer. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

export interface CuttingProxy {
  readonly url: string;
  /** How many connections it has cut in the middle of an answer. */
  readonly cutCount: number;
  /** Cuts all connections now, and later ones after so many bytes from the server. */
  cutAfter(bytes: number): void;
}

export async function cuttingProxy(t: ExecutionContext, port: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let limit = Number.POSITIVE_INFINITY;
  let cutCount = 0;
  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port });
    sockets.add(client);
    const cut = (): void => {
      sockets.delete(client);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('close', cut).on('error', cut);
    client.on('data', (bytes) => upstream.write(bytes));
    let rest = limit;
    upstream.on('data', (bytes) => {
      client.write(bytes.subarray(0, rest));
      rest -= bytes.length;
      if (rest > 0) return;
      cutCount++;
      // What was written still arrives.
      client.end();
      upstream.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dropAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  t.teardown(() => {
    server.close();
    dropAll();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cutCount() {
      return cutCount;
    },
    cutAfter: (bytes) => {
      limit = bytes;
      dropAll();
    },
  };
}
