/** Where random tests start: `NODEPLANE_SEED`, or anywhere. Print it, so that a failure can be had again. */
export function startSeed(): number {
  const given = process.env['NODEPLANE_SEED'];
  if (given === undefined) return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(given);
  if (!Number.isSafeInteger(seed)) throw new Error(`NODEPLANE_SEED: "${given}" is not a whole number`);
  return seed;
}
