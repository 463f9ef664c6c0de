import type { ObjectEvent } from '../api/objects.ts';

/**
 * Gathers what arrives in one turn of the event loop, over all kinds and connections: one batch is one transaction
 * of the kernel. It is given out when the loop has read everything that was there to be read, so nothing waits.
 */
export class EventBatch {
  readonly #onEvents: (events: readonly ObjectEvent[]) => void;
  #events: ObjectEvent[] = [];
  #timer: NodeJS.Immediate | undefined;

  constructor(onEvents: (events: readonly ObjectEvent[]) => void) {
    this.#onEvents = onEvents;
  }

  add(events: readonly ObjectEvent[]): void {
    if (this.#timer === undefined) this.#timer = setImmediate(() => this.#flush());
    for (const event of events) this.#events.push(event);
  }

  close(): void {
    clearImmediate(this.#timer);
  }

  #flush(): void {
    const events = this.#events;
    this.#events = [];
    this.#timer = undefined;
    this.#onEvents(events);
  }
}
