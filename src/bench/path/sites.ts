import { Child, NODE_FLAGS } from '../../process/child.ts';
import type { BackendName } from '../common/backends.ts';
import type { ClusterSize } from './cluster.ts';
import { type Origin, trackConnections } from './network.ts';
import type { ProxyCommands } from './proxy-commands.ts';
import type { Route } from './routes.ts';
import { Site } from './site.ts';

/**
 * A site for each baseline and each backend, alike but for what looks at packets on the node. Routes that only differ in
 * where a flow is sent have one in common.
 */
export class Sites {
  readonly #sites = new Map<string, Site>();
  readonly #proxies: Child<ProxyCommands>[] = [];

  /** Runs `work` when all services are loaded; everything is gone afterwards. */
  static async with<Result>(
    { routes, origins, ...size }: ClusterSize & { routes: readonly Route[]; origins: readonly Origin[] },
    work: (sites: Sites) => Promise<Result>,
  ): Promise<Result> {
    const sites = new Sites();
    try {
      for (const route of routes) await sites.#add(route, origins, size);
      return await work(sites);
    } finally {
      await sites.#close();
    }
  }

  of(route: Route): Site {
    const site = this.#sites.get(keyOf(route));
    if (site === undefined) throw new Error(`there is no site for ${keyOf(route)}`);
    return site;
  }

  /** Empties the connection tables of all nodes. */
  async forget(): Promise<void> {
    await Promise.all(this.#sites.values().map((site) => site.forget()));
  }

  async #add(route: Route, origins: readonly Origin[], size: ClusterSize): Promise<void> {
    if (this.#sites.has(keyOf(route))) return;
    const site = await Site.open(origins);
    this.#sites.set(keyOf(route), site);
    if (route.path === 'conntrack') await trackConnections(site.network);
    if (route.backend !== null) await this.#load(route.backend, site, size);
  }

  async #load(backend: BackendName, { network: { node } }: Site, size: ClusterSize): Promise<void> {
    const proxy = new Child<ProxyCommands>(new URL('proxy-process.ts', import.meta.url), NODE_FLAGS);
    this.#proxies.push(proxy);
    const { endpoints, services } = size;
    const { namespace, IPv4: nodeAddress } = node;
    await proxy.ask('load', { backend, namespace, nodeAddress, services, endpoints });
  }

  async #close(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
    await Promise.all(this.#sites.values().map((site) => site.close()));
  }
}

function keyOf({ path, backend }: Route): string {
  return backend ?? path;
}
