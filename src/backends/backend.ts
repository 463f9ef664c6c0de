import type { Delta } from '../delta/delta.ts';
import type { ProgrammedTable } from '../delta/programmed-table.ts';
import type { NodeSettings } from '../forwarding/node-settings.ts';
import type { Family } from '../net/address.ts';

/** What a backend found in the kernel. */
export interface ReadBack {
  readonly table: ProgrammedTable;
  /** Elements of ours that belong to nothing whole (damage, leftovers). The next {@link Backend.apply} removes them. */
  readonly strays: number;
}

/** One way to program a kernel, for one family. Each verb is a contract that test/contract holds every backend to. */
export interface Backend {
  readonly name: string;
  readonly family: Family;

  /**
   * Begins what takes long and has no effect yet, where a backend has such work, so that {@link Backend.prepare} finds it
   * done. What goes wrong is told by that.
   */
  warmUp?(): void;

  /**
   * Puts in place what does not change with Services: tables, and rules that follow the settings. Idempotent; leaves
   * what is forwarded as it is. To be called first, and again when the settings change. Resolves to whether it had to
   * make the table: then nothing is in it, whatever was there before.
   */
  prepare(settings: NodeSettings): Promise<boolean>;

  /** What of ours is in the kernel. Changes nothing. */
  read(): Promise<ReadBack>;

  /**
   * Writes a delta such that packets see the old or the new state of a frontend. What frontends do changes as a whole or
   * not at all; of a large delta that fails, slot sets may stay behind to which nothing leads: a read-back finds strays.
   *
   * A small delta is written before the call returns, which is then undefined or an exception; a large one in
   * the background, which the promise tells. Throws or rejects with {@link ApplyError}.
   */
  apply(delta: Delta): Promise<void> | undefined;

  /** Removes all of ours, and only ours, from the kernel. Removing nothing is a success. */
  remove(): Promise<void>;

  /** Lets go of sockets and threads. What is programmed stays in force. */
  close(): void;
}

/** A delta that the kernel refused whole. */
export class ApplyError extends Error {
  override readonly name = 'ApplyError';
  /** Name of the errno, such as `ENOSPC`. */
  readonly code: string;
  /** Key of the entry of the delta at fault (a frontend, a slot set, a source list), if the kernel told. */
  readonly entry: string | undefined;

  constructor(message: string, details: { code: string; entry?: string | undefined; cause?: unknown }) {
    super(message, { cause: details.cause });
    this.code = details.code;
    this.entry = details.entry;
  }
}
