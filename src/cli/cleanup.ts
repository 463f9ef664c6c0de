import { parseArgs } from 'node:util';
import { KERNEL_BACKENDS, type KernelBackendName, openKernelBackend } from '../backends/kernel-backend.ts';
import { supportedFamilies } from '../host/families.ts';
import type { Family } from '../net/address.ts';

/** `nodeplane cleanup`: removes all of ours from the kernel, whichever mode it is of, and nothing else (CLEAN-03). */
export async function cleanup(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { 'network-namespace': { type: 'string' } } });
  const namespace = values['network-namespace'];
  let exitCode = 0;
  for (const name of KERNEL_BACKENDS) {
    for (const family of supportedFamilies()) {
      try {
        await removeAll(name, family, namespace);
      } catch (error) {
        // What is left of one mode must not keep that of the others (START-08).
        process.stderr.write(`nodeplane cleanup: ${name} ${family}: ${messageOf(error)}\n`);
        exitCode = 1;
      }
    }
  }
  return exitCode;
}

async function removeAll(
  name: KernelBackendName,
  family: Family,
  namespace: string | undefined,
): Promise<void> {
  const { backend, connections } = openKernelBackend(name, family, { namespace });
  try {
    await backend.remove();
  } finally {
    connections.close();
    backend.close();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
