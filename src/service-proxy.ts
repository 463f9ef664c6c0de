import type { ObjectEvent } from './api/objects.ts';
import type { Backend } from './backends/backend.ts';
import type { KernelBackend } from './backends/kernel-backend.ts';
import type { ProxyConfig } from './config/proxy-config.ts';
import { ConntrackCleanup, type ConntrackObserver } from './conntrack/conntrack-cleanup.ts';
import { type HealthCheckObserver, HealthChecks } from './healthcheck/health-checks.ts';
import { supportedFamilies } from './host/families.ts';
import { HostAddresses } from './host/host-addresses.ts';
import type { Family } from './net/address.ts';
import { type Follower, Pipeline, type PipelineOptions } from './pipeline.ts';

export interface ServiceProxyOptions
  extends Pick<PipelineOptions, 'observer' | 'onConflict' | 'onNodePortWarning'> {
  readonly config: ProxyConfig;
  /** Opens the backend of a family: the mode, chosen once for all families. */
  readonly openBackend: (family: Family) => KernelBackend;
  /** Named network namespace to serve; absent means the process's own. */
  readonly namespace?: string | undefined;
  readonly conntrack: ConntrackObserver;
  readonly healthChecks: HealthCheckObserver;
  /** The addresses of the node cannot be read; until they can, those known last count, or none at start. */
  readonly onAddressFailure: (error: Error) => void;
}

/**
 * Everything that a node needs but the source of objects: the pipeline into the kernel, the cleanup of connections, the
 * health checks of load balancers, and the addresses of the node. It works from its construction to close().
 */
export class ServiceProxy {
  readonly #parts: readonly FamilyParts[];
  readonly #pipeline: Pipeline;
  readonly #addresses: HostAddresses;
  readonly #addressesKnown: Promise<void>;
  /** The batches that came before the addresses were known; undefined when they are. */
  #early: (readonly ObjectEvent[])[] | undefined = [];

  constructor(options: ServiceProxyOptions) {
    const { namespace } = options;
    this.#parts = supportedFamilies().map((family) =>
      openFamily(family, options, () => this.#pipeline.isHealthy),
    );
    this.#pipeline = new Pipeline({
      ...options,
      backends: this.#parts.map(({ backend }) => backend),
      followers: this.#parts.flatMap(followersOf),
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#addressesKnown = promise;
    this.#addresses = new HostAddresses({
      namespace,
      onChange: (addresses) => {
        this.#pipeline.hostAddresses(addresses);
        this.#start();
        resolve();
      },
      onFailure: (error) => {
        options.onAddressFailure(error);
        this.#start();
        resolve();
      },
    });
  }

  /**
   * Takes a batch of events. The first call must carry the complete initial state: what it lacks is removed from the
   * kernel (START-02). It waits until the addresses of the node are known: without them node ports would be cut off
   * for a moment (START-03).
   */
  apply(events: readonly ObjectEvent[]): void {
    if (this.#early === undefined) this.#pipeline.apply(events);
    else this.#early.push(events);
  }

  /** Resolves when the kernel holds what the events and addresses so far call for. */
  async settled(): Promise<void> {
    await this.#addressesKnown;
    await this.#pipeline.settled();
  }

  /** Resolves when also the health checks are answered as they should be. */
  async answering(): Promise<void> {
    await this.settled();
    await Promise.all(this.#parts.map(({ checks }) => checks.settled()));
  }

  /** Resolves when also stale connections are gone and the health checks are answered. */
  async followed(): Promise<void> {
    await this.settled();
    const following = this.#parts.flatMap(({ cleanup, checks }) => [cleanup, checks]);
    await Promise.all(following.map((it) => it.settled()));
  }

  #start(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const events of early) this.#pipeline.apply(events);
  }

  /** What is programmed stays in force (START-05). */
  async close(): Promise<void> {
    this.#addresses.close();
    this.#pipeline.close();
    for (const { cleanup, backend } of this.#parts) {
      cleanup.close();
      backend.close();
    }
    await Promise.all(this.#parts.map(({ checks }) => checks.close()));
  }
}

/** What there is of each family; a failure in one does not stop the other (DUAL-05). */
interface FamilyParts {
  readonly family: Family;
  readonly backend: Backend;
  readonly cleanup: ConntrackCleanup;
  readonly checks: HealthChecks;
}

function openFamily(
  family: Family,
  options: ServiceProxyOptions,
  isProxyHealthy: () => boolean,
): FamilyParts {
  const { config, namespace, openBackend, conntrack, healthChecks } = options;
  const { backend, connections } = openBackend(family);
  return {
    family,
    backend,
    cleanup: new ConntrackCleanup({ family, table: connections, observer: conntrack }),
    checks: new HealthChecks({
      family,
      namespace,
      nodeName: config.hostname,
      isProxyHealthy,
      observer: healthChecks,
    }),
  };
}

function followersOf({ family, cleanup, checks }: FamilyParts): Follower[] {
  return [cleanupFollower(family, cleanup), healthCheckFollower(family, checks)];
}

function cleanupFollower(family: Family, cleanup: ConntrackCleanup): Follower {
  return {
    family,
    touch: (change) => cleanup.touch(change),
    acceptNodePortsOn: (accepted, hostAddresses) => cleanup.acceptNodePortsOn(accepted, hostAddresses),
    afterSync: () => cleanup.afterSync(),
  };
}

/** Listeners open and counts change when the rules are there (HC-07), and follow the addresses (HC-05). */
function healthCheckFollower(family: Family, checks: HealthChecks): Follower {
  let addresses: 'any' | readonly string[] = [];
  return {
    family,
    touch: (change) => checks.touch(change),
    acceptNodePortsOn: (accepted) => {
      addresses = accepted;
    },
    afterSync: () => checks.publish(addresses),
  };
}
