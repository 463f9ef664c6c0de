/**
 * Makes a fresh clone ready to run: `npm start` and `npm test` call it first. It installs only what is missing and
 * builds only what is stale, so the second time it has nothing to do.
 *
 * Plain JavaScript without dependencies: it runs on Node 20, before npm brings the Node that all else runs on.
 */
import { debianPackages } from './debian-packages.mjs';
import { Failure } from './failure.mjs';
import { nativeAddon } from './native-addon.mjs';
import { npmPackages } from './npm-packages.mjs';
import { requireRoot } from './root.mjs';
import { runSteps } from './steps.mjs';

try {
  requireRoot();
  await runSteps([debianPackages(), npmPackages(), nativeAddon()]);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`nodeplane: ${error.message}\n`);
  process.exitCode = 1;
}
