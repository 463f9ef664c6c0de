/** One watch: the changes of a collection that a client has selected, as frames on its connection. */
import type { ServerResponse } from 'node:http';
import type { Codec } from '../codec/codec.ts';
import type { Status } from '../errors.ts';
import type { KubeObject } from '../objects.ts';
import type { ObjectMatcher } from '../selectors/field-selector.ts';
import type { Change } from '../storage/change.ts';
import type { Collection } from '../storage/collection.ts';

/** A client that is this far behind is cut off, as the real server does; it starts anew. */
const MOST_UNSENT_BYTES = 64 * 1024 * 1024;
const BATCH_BYTES = 256 * 1024;

export class WatchStream {
  readonly #codec: Codec;
  readonly #matches: ObjectMatcher;
  readonly #collection: Collection;
  readonly #response: ServerResponse;
  readonly #listener = (change: Change): void => this.#deliver(change);
  #onEnd = (): void => {};

  constructor(codec: Codec, matches: ObjectMatcher, collection: Collection, response: ServerResponse) {
    this.#codec = codec;
    this.#matches = matches;
    this.#collection = collection;
    this.#response = response;
    response.on('close', () => this.#stop());
  }

  /** Calls back once, when the stream is over for whatever reason. */
  onEnd(callback: () => void): void {
    this.#onEnd = callback;
  }

  /** Sends objects that are there already, as ADDED, many to a write. */
  sendExisting(objects: readonly KubeObject[]): void {
    let batch: Uint8Array[] = [];
    let length = 0;
    for (const object of objects) {
      if (!this.#matches(object)) continue;
      const frame = this.#codec.frame('ADDED', object);
      batch.push(frame);
      length += frame.length;
      if (length < BATCH_BYTES) continue;
      this.#write(Buffer.concat(batch));
      batch = [];
      length = 0;
    }
    if (batch.length > 0) this.#write(Buffer.concat(batch));
  }

  /** Sends changes that have been, then those that come. */
  follow(changes: readonly Change[]): void {
    for (const change of changes) this.#deliver(change);
    this.#collection.listeners.add(this.#listener);
  }

  sendBookmark(version: number, isInitialEnd: boolean): void {
    this.#write(this.#codec.bookmark(String(version), isInitialEnd));
  }

  /** Sends an ERROR event and ends the stream. */
  fail(status: Status): void {
    this.#write(this.#codec.errorFrame(status));
    this.end();
  }

  /** Sends bytes as they are: faults. */
  sendRaw(bytes: Uint8Array): void {
    this.#write(bytes);
  }

  get isProtobuf(): boolean {
    return this.#codec.streamType.includes('protobuf');
  }

  /** Ends the stream as a timeout does. */
  end(): void {
    this.#stop();
    this.#response.end();
  }

  /** Breaks the connection in the middle of whatever is sent. */
  cut(): void {
    this.#stop();
    // Not before what was written has left, or nobody would see it.
    setTimeout(() => this.#response.destroy(), 20).unref();
  }

  /** Selectors make of a change what it is to this watcher: an object that starts to match is new to it. */
  #deliver(change: Change): void {
    const isNow = change.type !== 'DELETED' && this.#matches(change.object);
    const wasBefore = change.previous !== undefined && this.#matches(change.previous);
    if (isNow) this.#write(this.#codec.frame(wasBefore ? 'MODIFIED' : 'ADDED', change.object));
    else if (wasBefore)
      this.#write(this.#codec.frame('DELETED', change.type === 'DELETED' ? change.object : change.departed));
  }

  #write(bytes: Uint8Array): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    this.#response.write(bytes);
    if (this.#response.writableLength > MOST_UNSENT_BYTES) this.cut();
  }

  #stop(): void {
    this.#collection.listeners.delete(this.#listener);
    this.#onEnd();
    this.#onEnd = () => {};
  }
}
