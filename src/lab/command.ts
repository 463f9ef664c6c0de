import { execFile } from 'node:child_process';

// By absolute path: inside npm scripts `nft` is another program, and the PATH of a service may lack sbin.
export const IP = '/bin/ip';
export const NFT = '/usr/sbin/nft';

/** A program ended with an error; the message says which, and what it printed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly commandLine: string;
  readonly stderr: string;

  constructor(commandLine: string, stderr: string, cause: unknown) {
    super(`Cannot run \`${commandLine}\`: ${stderr.trim() || cause}`, { cause });
    this.commandLine = commandLine;
    this.stderr = stderr;
  }
}

/** Runs a program to its end and gives what it printed. */
export function run(program: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new CommandError([program, ...args].join(' '), stderr, error));
    });
    // A program that does not read its input may be gone by now: its exit code tells what matters.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
