/** Prints random clusters as a file of conformance vectors: `node test/reference/print-vectors.ts SEED [COUNT]`. */
import { randomVector, vectorFile } from './random-vector.ts';

const [seed, count] = process.argv.slice(2, 4).map(Number);
if (seed === undefined || !Number.isSafeInteger(seed)) {
  process.stderr.write('usage: node test/reference/print-vectors.ts SEED [COUNT]\n');
  process.exit(2);
}
const vectors = Array.from({ length: count ?? 1 }, (_, index) => randomVector(seed + index));
process.stdout.write(`${vectorFile(vectors)}\n`);
