import { parseArgs } from 'node:util';
import { KERNEL_BACKENDS } from '../backends/kernel-backend.ts';
import { supportedFamilies } from '../host/families.ts';
import { removeMode } from './kernel.ts';

/** `nodeplane cleanup`: removes all of ours from the kernel, whichever mode it is of, and nothing else (CLEAN-03). */
export async function cleanup(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { 'network-namespace': { type: 'string' } } });
  let exitCode = 0;
  for (const mode of KERNEL_BACKENDS) {
    for (const family of supportedFamilies()) {
      try {
        await removeMode(mode, family, values['network-namespace']);
      } catch (error) {
        // What is left of one mode must not keep that of the others (START-08).
        const reason = error instanceof Error ? error.message : String(error);
        process.stderr.write(`nodeplane cleanup: ${mode} ${family}: ${reason}\n`);
        exitCode = 1;
      }
    }
  }
  return exitCode;
}
