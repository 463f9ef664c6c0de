import type { KubeObject } from '../objects.ts';

/**
 * The frame that was made last. A change goes to all watchers one after the other, so remembering one frame is enough for
 * each to be made once, whatever the number of watchers.
 */
export class LastFrame {
  #object: KubeObject | undefined;
  #type = '';
  #bytes: Uint8Array = new Uint8Array();

  of(type: string, object: KubeObject, make: () => Uint8Array): Uint8Array {
    if (this.#object === object && this.#type === type) return this.#bytes;
    this.#bytes = make();
    this.#object = object;
    this.#type = type;
    return this.#bytes;
  }
}
