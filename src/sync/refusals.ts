import type { TouchedKeys, WantedTable } from '../forwarding/forwarding-table.ts';
import type { Target } from '../forwarding/frontend.ts';

/**
 * The keys that may be written although some entries were refused: neither those, nor frontends that refer to them.
 * What is left out stays in the kernel as it was.
 */
export function withoutRefused(
  keys: TouchedKeys,
  wanted: WantedTable,
  refused: ReadonlySet<string>,
): TouchedKeys {
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
    frontends: new Set([...keys.frontends].filter(isFrontendFree)),
    slotSets: new Set([...keys.slotSets].filter(isFree)),
    sourceLists: new Set([...keys.sourceLists].filter(isFree)),
  };
}
