import { ApplyError, type Backend, type ReadBack } from '../../src/backends/backend.ts';
import { MemoryBackend } from '../../src/backends/memory/memory-backend.ts';
import type { Delta } from '../../src/delta/delta.ts';
import type { NodeSettings } from '../../src/forwarding/node-settings.ts';
import type { Family } from '../../src/net/address.ts';

export type Fault = 'none' | { readonly code: string; readonly entry?: string };

/** A memory backend that fails on purpose, in the background or at once, and can lose what it holds. */
export class FaultyBackend implements Backend {
  readonly name = 'faulty';
  readonly family: Family = 'IPv4';
  readonly #memory = new MemoryBackend('IPv4');
  /** Asked before each apply. */
  nextFault: (delta: Delta) => Fault = () => 'none';
  /** Whether applies are answered in the background. */
  isSlow = false;
  prepareFails = false;
  /** Somebody takes all away; the next {@link prepare} finds nothing. */
  isGone = false;
  readFails = false;
  reads = 0;
  readonly prepared: NodeSettings[] = [];
  readonly applied: Delta[] = [];

  async prepare(settings: NodeSettings): Promise<boolean> {
    if (this.prepareFails) throw new Error('cannot prepare');
    this.prepared.push(settings);
    const wasGone = this.isGone;
    this.isGone = false;
    if (wasGone) await this.#memory.remove();
    return wasGone;
  }

  async read(): Promise<ReadBack> {
    this.reads++;
    if (this.readFails) throw new Error('cannot read');
    return this.#memory.read();
  }

  apply(delta: Delta): Promise<void> | undefined {
    const fault = this.nextFault(delta);
    if (this.isSlow) return Promise.resolve().then(() => this.#write(delta, fault));
    this.#write(delta, fault);
    return undefined;
  }

  #write(delta: Delta, fault: Fault): void {
    if (fault !== 'none') throw new ApplyError(`refused: ${fault.code}`, fault);
    this.#memory.apply(delta);
    this.applied.push(delta);
  }

  remove(): Promise<void> {
    return this.#memory.remove();
  }

  close(): void {}
}
