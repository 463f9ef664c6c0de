/**
 * What is wrong with a loaded addon, or undefined: it must be of our ABI and export exactly the names we know.
 * An addon that was built from other sources is then found at start, not at its first use.
 */
export function checkAddon(exports: unknown, abi: number, names: readonly string[]): string | undefined {
  if (typeof exports !== 'object' || exports === null) return 'it exports nothing';
  if (!('abi' in exports) || exports.abi !== abi) {
    return `its ABI is ${'abi' in exports ? exports.abi : 'missing'}, but this is ${abi}`;
  }
  const found = Object.keys(exports).sort().join(', ');
  const wanted = [...names].sort().join(', ');
  return found === wanted ? undefined : `it exports ${found}, but should export ${wanted}`;
}
