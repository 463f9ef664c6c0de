import type { ClusterConfig } from '../config/cluster-config.ts';
import type { Credentials } from '../config/credentials.ts';
import { proxyFor } from '../config/proxy.ts';
import { Http1Transport } from './http1-transport.ts';
import { NegotiatingTransport } from './negotiating-transport.ts';
import { tlsOptionsOf } from './tls-options.ts';
import type { Transport, TransportTimings } from './transport.ts';

/** The transport that suits a configuration. Throws if its proxy is of a kind that is not supported. */
export function transportOf(
  { cluster }: ClusterConfig,
  credentials: Credentials,
  timings: TransportTimings,
): Transport {
  const server = new URL(cluster.server);
  const tls = () => tlsOptionsOf(cluster, credentials);
  const proxy = proxyFor(server, process.env, cluster.proxyUrl);
  if (proxy !== undefined && !/^https?:/.test(proxy))
    throw new Error(`The proxy ${proxy} is not supported: it is no HTTP proxy`);
  if (server.protocol === 'https:' && proxy === undefined)
    return new NegotiatingTransport({ server, tls, timings });
  return new Http1Transport({ server, proxy, tls, timings });
}
