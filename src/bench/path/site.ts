import { chooseCpus } from './cpus.ts';
import type { Block } from './figures.ts';
import { LineProgram } from './line-program.ts';
import { type Origin, openNetwork, type PathNetwork, SOURCES, SOURCES_COUNT } from './network.ts';

/** A network with the programs that measure in it: a server, a load generator for each origin. */
export class Site {
  readonly network: PathNetwork;
  readonly #server: LineProgram;
  readonly #forget: LineProgram;
  readonly #loads: ReadonlyMap<Origin, LineProgram>;

  /** Resolves when the server listens. On failure nothing is left. */
  static async open(origins: readonly Origin[]): Promise<Site> {
    const site = new Site(await openNetwork(), origins);
    try {
      await site.#server.ready();
      return site;
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  private constructor(network: PathNetwork, origins: readonly Origin[]) {
    const cpus = chooseCpus();
    const { namespace } = network.node;
    this.network = network;
    this.#server = new LineProgram('path-server', [], { ...network.server, cpu: cpus?.server });
    this.#forget = new LineProgram('path-forget', [], { namespace, cpu: undefined });
    this.#loads = new Map(
      origins.map((origin) => {
        const args = [SOURCES[origin], `${SOURCES_COUNT}`];
        const place = { ...network.origins[origin], cpu: cpus?.client };
        return [origin, new LineProgram('path-load', args, place)];
      }),
    );
  }

  /** Measures one block; `command` is one of path-load. */
  async measure(origin: Origin, command: string): Promise<Block> {
    const load = this.#loads.get(origin);
    if (load === undefined) throw new Error(`nobody connects from ${origin}`);
    const answer = await this.#server.during(load.ask(command));
    return answer.split(' ').map(Number);
  }

  /** Empties the node's connection table. */
  async forget(): Promise<void> {
    await this.#forget.ask('');
  }

  async close(): Promise<void> {
    const programs = [this.#server, this.#forget, ...this.#loads.values()];
    await Promise.all(programs.map((program) => program.close()));
    await this.network.remove();
  }
}
