import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type LabService, nodeManifest, SERVICES, serviceManifest } from './cluster.ts';
import type { Network } from './network.ts';

/** The folder that the lab's daemon reads its objects from. */
export class ManifestFolder {
  readonly folder: string;
  readonly #network: Network;

  constructor(folder: string, network: Network) {
    this.folder = folder;
    this.#network = network;
    mkdirSync(folder, { recursive: true });
    this.#replace('node', nodeManifest(network));
    for (const service of SERVICES) this.put(service);
  }

  fileOf(service: LabService): string {
    return this.#path(service.name);
  }

  /** Writes a service with the pods that it has now. Gives the time just before the change can be seen. */
  put(service: LabService): number {
    return this.#replace(service.name, serviceManifest(service, this.#network));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** By a rename, so that no reader meets a half-written file. */
  #replace(name: string, text: string): number {
    const draft = path.join(this.folder, `.${name}.draft`);
    writeFileSync(draft, text);
    const start = performance.now();
    renameSync(draft, this.#path(name));
    return start;
  }

  #path(name: string): string {
    return path.join(this.folder, `${name}.yaml`);
  }
}
