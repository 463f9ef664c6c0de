import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { thisMachine } from '../common/machine.ts';

const run = promisify(execFile);

const ROOT = new URL('../../../', import.meta.url);

/** What the figures depend on, by name, for the head of the page. */
export async function factsOf(): Promise<Record<string, string>> {
  const { cpu, cores, memory_mb, kernel, node } = thisMachine();
  return {
    processor: `${cpu}, ${cores} cores`,
    memory: `${Math.round(memory_mb / 1000)} GB`,
    kernel: `Linux ${kernel}`,
    'Node.js': node,
    nodeplane: await nodeplaneVersion(),
    nftables: await firstLine('/usr/sbin/nft', ['--version']),
  };
}

async function nodeplaneVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8'));
  const commit = await firstLine('git', [
    '-C',
    ROOT.pathname,
    'describe',
    '--always',
    '--dirty',
    '--exclude=*',
  ]);
  return commit === 'unknown' ? version : `${version} (${commit})`;
}

/** Of what a program prints. An installation needs neither git nor nft: then it is not known. */
async function firstLine(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(program, args);
    return stdout.split('\n')[0]?.trim() ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
