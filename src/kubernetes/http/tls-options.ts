import type { Cluster } from '@kubernetes/client-node/dist/config_types.js';
import { type Credentials, fileOrData } from '../config/credentials.ts';

export interface TlsOptions {
  readonly ca?: Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Whom to trust and what to show when a connection is made. Files are read each time, as both rotate. */
export async function tlsOptionsOf(cluster: Cluster, credentials: Credentials): Promise<TlsOptions> {
  const ca = await fileOrData(cluster.caFile, cluster.caData);
  return {
    ...(ca && { ca }),
    ...(cluster.tlsServerName && { servername: cluster.tlsServerName }),
    ...(cluster.skipTLSVerify && { rejectUnauthorized: false }),
    ...(await credentials.certificate()),
  };
}
