import type { KeysToCompare } from '../delta/delta.ts';
import type { WantedTable } from '../forwarding/forwarding-table.ts';
import type { Target } from '../forwarding/frontend.ts';

/**
 * The keys that may be written although some entries were refused: neither those, nor frontends that refer to them.
 * What is left out stays in the kernel as it was.
 */
export function withoutRefused(
  keys: KeysToCompare,
  wanted: WantedTable,
  refused: ReadonlySet<string>,
): KeysToCompare {
  if (refused.size === 0) return keys;
  const isFree = (key: string): boolean => !refused.has(key);
  const refersToRefused = (target: Target | undefined): boolean =>
    target?.action === 'forward' && refused.has(target.slotSet);
  const isFrontendFree = (key: string): boolean => {
    const frontend = wanted.frontend(key);
    if (frontend === undefined) return isFree(key);
    const { inside, outside, sourceList } = frontend;
    const isHeld = refersToRefused(inside) || refersToRefused(outside) || refused.has(sourceList ?? '');
    return isFree(key) && !isHeld;
  };
  return {
    ...keys,
    frontends: [...keys.frontends].filter(isFrontendFree),
    slotSets: [...keys.slotSets].filter(isFree),
    sourceLists: [...keys.sourceLists].filter(isFree),
  };
}
