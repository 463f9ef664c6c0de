/** Random clusters through nftables: real packets, judged by the reference model. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runConformance } from '../../src/conformance/conformance.ts';
import { failureLine } from '../../src/conformance/report.ts';
import { randomVector, vectorFile } from './random-vector.ts';
import { startSeed } from './seed.ts';

const CLUSTERS = 300;
/** Lines of a failure report: the first tell enough. */
const MAX_LINES = 20;

async function directoryOf(t: ExecutionContext, content: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'nodeplane-vectors-'));
  t.teardown(() => rm(directory, { recursive: true }));
  await writeFile(path.join(directory, 'random.json'), content);
  return directory;
}

test(`property: the kernel does what the reference model demands, in ${CLUSTERS} random clusters`, async (t) => {
  const start = startSeed();
  t.log(`NODEPLANE_SEED=${start}`);
  const seeds = Array.from({ length: CLUSTERS }, (_, index) => start + index);
  const vectors = await directoryOf(t, vectorFile(seeds.map(randomVector)));
  const report = await runConformance({ backend: 'nftables', vectors, jobs: availableParallelism() });
  t.log(`${report.passed} checks passed in ${report.seconds.toFixed(1)} s`);
  t.deepEqual(report.failures.slice(0, MAX_LINES).map(failureLine), []);
  t.is(report.cases.length, CLUSTERS);
  t.is(report.skipped, 0);
});
