/**
 * An embedded API server for the lab and for tests: a test double with real semantics, not a cluster. It keeps objects in
 * memory (and in a file, if wanted), speaks the API of the kinds in `resources/`, allocates and validates as the real
 * server does, and runs one controller, that of EndpointSlices. There are no users and no rights: whoever reaches the
 * address may do everything, unless a bearer token is set. Plain HTTP on 127.0.0.1 unless told otherwise; with a
 * certificate it speaks TLS, and then HTTP/2 as well.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import { bootstrap } from './bootstrap.ts';
import { EndpointSliceController } from './endpointslices/controller.ts';
import { Faults } from './faults/faults.ts';
import { Exchange } from './http/exchange.ts';
import { handle } from './http/handler.ts';
import { Codecs } from './http/negotiate.ts';
import type { Backing } from './http/serve-resource.ts';
import type { WatchStream } from './http/watch-stream.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { Listener } from './listener.ts';
import { listAt } from './objects.ts';
import { AllocatedAddresses } from './services/allocated.ts';
import { Journal } from './storage/journal.ts';
import { Storage } from './storage/storage.ts';
import { ApiStore } from './store/api-store.ts';
import type { Cluster } from './store/cluster.ts';
import { Valve } from './valve.ts';

export interface ApiServerOptions {
  /** Default 127.0.0.1. */
  readonly address?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Where the state is kept over restarts; without it, it is gone with the server. */
  readonly stateFile?: string;
  /** Ranges of cluster IPs, default 10.96.0.0/16 and fd00:10:96::/112. Only used where no state says otherwise. */
  readonly serviceCidrs?: readonly string[];
  /** Without it everybody is let in. */
  readonly token?: string;
  /** PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Changes of a resource that can be watched from; default 10,000. */
  readonly historyLimit?: number;
  /** Default 60,000. */
  readonly bookmarkIntervalMs?: number;
  /**
   * The resourceVersion to start above. Default: one that an earlier server has not reached, so that a client of a server
   * that lost its state gets 410; 1 plays a cluster restored from a backup, where versions go back.
   */
  readonly firstResourceVersion?: number;
  /** Whether slices are made from Services and Pods; default true. */
  readonly hasEndpointSliceController?: boolean;
  /** At least 0, less than 1; for reproducible names and addresses. */
  readonly random?: () => number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface ApiServer {
  readonly url: string;
  /** The objects, for callers in this process. */
  readonly store: ApiStore;
  readonly faults: Faults;
  /** A kubeconfig for this server, as YAML. */
  kubeconfig(): string;
  /** Serves a connection that somebody else accepted, and cuts it together with its own. */
  serve(socket: Socket): void;
  /** Cuts all connections and closes the port and the state file. */
  close(): Promise<void>;
}

const DEFAULT_CIDRS = ['10.96.0.0/16', 'fd00:10:96::/112'];
/** resourceVersions count from here in milliseconds of start time, a server makes far fewer than one change in each. */
const VERSIONS_SINCE = Date.UTC(2026, 0, 1);

/** Starts a server; it accepts connections when this resolves. */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const { address = '127.0.0.1', port = 0, tls, random = Math.random, now = Date.now } = options;
  const storage = new Storage({
    firstVersion: options.firstResourceVersion ?? Math.max(1, Date.now() - VERSIONS_SINCE),
    historyLimit: options.historyLimit ?? 10_000,
    journal: options.stateFile === undefined ? undefined : new Journal(options.stateFile),
  });
  const store = new ApiStore({ storage, cluster: clusterOf(storage, random, now) });
  const codecs = new Codecs(now);
  const open = new Set<WatchStream>();
  const listener = new Listener({ address, port }, (socket) => serve(socket));
  const connections = {
    drop: () => listener.drop(),
    stall: () => listener.stall(),
    refuse: () => listener.refuse(),
    accept: () => listener.accept(),
  };
  const faults = new Faults({ connections, watches: open, compact: () => storage.compact() }, options.token);
  const watching: Backing['watching'] = () => ({
    open,
    bookmarkIntervalMs: options.bookmarkIntervalMs ?? 60_000,
    isWatchListDisabled: faults.isWatchListDisabled,
  });
  const backing: Backing = { store, storage, codecs, watching };
  const serve = connectionServer(tls, (exchange) => {
    codecs.isProtobufDisabled = faults.isProtobufDisabled;
    void handle(exchange, backing, faults);
  });
  await listener.accept();
  bootstrap(store, options.serviceCidrs ?? DEFAULT_CIDRS, listener.port);
  const controller =
    options.hasEndpointSliceController === false ? undefined : new EndpointSliceController(store);
  const host = address.includes(':') ? `[${address}]` : address;
  const url = `${tls === undefined ? 'http' : 'https'}://${host}:${listener.port}`;
  return {
    url,
    store,
    faults,
    kubeconfig: () => kubeconfigOf(url, faults.token, tls?.cert),
    serve: (socket) => listener.take(socket),
    close: async () => {
      controller?.close();
      await listener.refuse();
      listener.drop();
      storage.close();
    },
  };
}

function clusterOf(storage: Storage, random: () => number, now: () => number): Cluster {
  const serviceCidrs = (): string[] => {
    const objects = storage.collection('servicecidrs').sorted();
    // The range of the default family comes first.
    const ordered = objects.toSorted(
      (a, b) => Number(b.metadata.name === 'kubernetes') - Number(a.metadata.name === 'kubernetes'),
    );
    return ordered.flatMap((object) => listAt(object, 'spec', 'cidrs').map(String));
  };
  return { serviceCidrs, allocated: new AllocatedAddresses(storage.collection('services')), random, now };
}

/** What serves HTTP on a connection that was accepted. */
function connectionServer(
  tls: ApiServerOptions['tls'],
  onRequest: (exchange: Exchange) => void,
): (socket: Socket) => void {
  const respond = (request: IncomingMessage, response: ServerResponse): void =>
    onRequest(new Exchange(request, response));
  if (tls === undefined) {
    // Clients keep idle connections, and no request is ever too slow for a test.
    const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, respond);
    return (socket) => server.emit('connection', socket);
  }
  const server = createSecureServer({ ...tls, allowHTTP1: true });
  // The compatibility API of HTTP/2 has the members of HTTP/1.1 that an exchange uses.
  server.on('request', (request, response) =>
    respond(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  );
  server.on('sessionError', () => {});
  server.on('tlsClientError', () => {});
  return (socket) => server.emit('connection', new Valve(socket));
}
