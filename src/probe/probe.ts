import { Child, NODE_FLAGS, withChild } from '../process/child.ts';
import type { BackendReport } from './feature.ts';
import type { Commands } from './messages.ts';

/** Tells what this kernel can do for each backend, by trying it in a network namespace that is gone afterwards. Takes root. */
export async function probe(): Promise<readonly BackendReport[]> {
  const worker = new Child<Commands>(new URL('worker.ts', import.meta.url), NODE_FLAGS);
  return await withChild(worker, (child) => child.ask('probe', null));
}
