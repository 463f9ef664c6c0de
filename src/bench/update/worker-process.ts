import { Child, NODE_FLAGS } from '../../process/child.ts';
import type { Commands } from './messages.ts';

/** The other end of worker.ts: one process with one pipeline. */
export class WorkerProcess extends Child<Commands> {
  constructor() {
    super(new URL('worker.ts', import.meta.url), [...NODE_FLAGS, '--expose-gc']);
  }
}
