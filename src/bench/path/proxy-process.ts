/** The process that programs the kernel: a pipeline as the daemon has it. Talks with child.ts. */

import type { Backend } from '../../backends/backend.ts';
import { readProxyConfig } from '../../config/read-proxy-config.ts';
import { satisfies } from '../../delta/programmed-table.ts';
import { Pipeline } from '../../pipeline.ts';
import { serve } from '../../process/serve.ts';
import { openBackends } from '../common/backends.ts';
import { clusterEvents, THIS_NODE } from './cluster.ts';
import type { LoadRequest, ProxyCommands } from './proxy-commands.ts';

/** As in lab/network.ts. */
const POD_CIDR = '10.244.0.0/16';

const failure = Promise.withResolvers<never>();

async function load({ backend, namespace, nodeAddress, ...size }: LoadRequest): Promise<null> {
  const backends = openBackends(backend, namespace);
  const pipeline = new Pipeline({
    config: readProxyConfig({ clusterCIDR: POD_CIDR }, THIS_NODE),
    backends,
    observer: {
      synced() {},
      refused: ({ error }) => failure.reject(error),
      failed: ({ error }) => failure.reject(error),
    },
  });
  pipeline.hostAddresses([nodeAddress]);
  pipeline.apply(clusterEvents(size, nodeAddress));
  await pipeline.settled();
  await Promise.all(backends.map((backend) => verify(backend, pipeline)));
  return null;
}

/** Throws unless the kernel, read back, holds what it should: then no figure is worth anything. */
async function verify(backend: Backend, pipeline: Pipeline): Promise<void> {
  const { table, strays } = await backend.read();
  const wanted = pipeline.wanted(backend.family);
  const isRight = wanted !== undefined && satisfies(table, wanted) && strays === 0;
  if (!isRight) throw new Error(`${backend.name} ${backend.family} does not hold what it should`);
}

serve<ProxyCommands>({ load }, failure.promise);
