import { Agent, type ProbeOptions } from './agent-client.ts';
import type { ProbeResult } from './agent-protocol.ts';
import { DNS, type LabFamily, type LabService, POD_COUNT, WEB } from './cluster.ts';
import { Daemon } from './daemon.ts';
import { ManifestFolder } from './manifest-folder.ts';
import { createNetwork, type Host, type Network } from './network.ts';

/** Everything that a lab consists of while it runs. */
export class Stage {
  readonly network: Network;
  readonly manifests: ManifestFolder;
  readonly daemon: Daemon;
  readonly #agents: ReadonlyMap<Host, Agent>;

  private constructor(network: Network, folder: string) {
    this.network = network;
    this.manifests = new ManifestFolder(folder, network);
    this.daemon = new Daemon(network.node, folder);
    this.#agents = new Map(network.hosts.map((host) => [host, new Agent(host.namespace)]));
  }

  /** Builds the network and starts everything in it. On failure nothing is left. */
  static async open(prefix: string, folder: string): Promise<Stage> {
    const network = await createNetwork(prefix, POD_COUNT);
    const stage = new Stage(network, folder);
    try {
      await Promise.all([stage.daemon.ready(), ...network.pods.map((pod) => stage.#serve(pod))]);
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  /** Requests from a host to a service. */
  async request(
    from: Host,
    service: LabService,
    family: LabFamily,
    count: number,
  ): Promise<readonly ProbeResult[]> {
    const { protocol, port } = service;
    const options: ProbeOptions = { protocol, address: service[family], port, count };
    return (await this.#agents.get(from)?.probe(options)) ?? [];
  }

  async close(): Promise<void> {
    await Promise.all([this.daemon.stop(), ...[...this.#agents.values()].map((agent) => agent.close())]);
    await this.network.remove();
    this.manifests.remove();
  }

  /** Every pod serves both services; which requests reach it is up to the proxy. */
  async #serve(pod: Host): Promise<void> {
    const addresses = [pod.IPv4, pod.IPv6];
    for (const { protocol, targetPort } of [WEB, DNS]) {
      await this.#agents.get(pod)?.listen({ protocol, addresses, port: targetPort, name: pod.name });
    }
  }
}
