/** Random clusters through each backend: real packets, judged by the reference model. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { KERNEL_BACKENDS } from '../../src/backends/kernel-backend.ts';
import { runConformance } from '../../src/conformance/conformance.ts';
import { failureLine } from '../../src/conformance/report.ts';
import { randomVector, vectorFile } from './random-vector.ts';
import { startSeed } from './seed.ts';

/** A node with eBPF takes longer to make: the verifier reads every program anew. */
const CLUSTERS = { nftables: 300, ebpf: 100 } as const;

/** Lines of a failure report: the first tell enough. */
const MAX_LINES = 20;

async function directoryOf(t: ExecutionContext, content: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'nodeplane-vectors-'));
  t.teardown(() => rm(directory, { recursive: true }));
  await writeFile(path.join(directory, 'random.json'), content);
  return directory;
}

for (const backend of KERNEL_BACKENDS) {
  const clusters = CLUSTERS[backend];
  test.serial(
    `property: ${backend} does what the reference model demands, in ${clusters} random clusters`,
    async (t) => {
      const start = startSeed();
      t.log(`NODEPLANE_SEED=${start}`);
      const seeds = Array.from({ length: clusters }, (_, index) => start + index);
      const vectors = await directoryOf(t, vectorFile(seeds.map(randomVector)));
      const report = await runConformance({ backend, vectors, jobs: availableParallelism() });
      t.log(`${report.passed} checks passed in ${report.seconds.toFixed(1)} s`);
      t.deepEqual(report.failures.slice(0, MAX_LINES).map(failureLine), []);
      t.is(report.cases.length, clusters);
      t.is(report.skipped, 0);
    },
  );
}
