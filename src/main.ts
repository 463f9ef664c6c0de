import { UsageError } from './cli/run-options.ts';
import { USAGE } from './cli/usage.ts';

type Command = (args: readonly string[]) => Promise<number>;

// Loaded on demand: a command starts without the modules of the others.
const COMMANDS: Record<string, () => Promise<Command>> = {
  run: async () => (await import('./cli/run.ts')).run,
  cleanup: async () => (await import('./cli/cleanup.ts')).cleanup,
  lab: async () => (await import('./cli/lab.ts')).lab,
  apiserver: async () => (await import('./cli/apiserver.ts')).apiserver,
  bench: async () => (await import('./cli/bench.ts')).bench,
};

async function main(args: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = args;
  const load = COMMANDS[name];
  if (load !== undefined) return (await load())(rest);
  const isHelp = name === '--help' || name === '-h';
  process[isHelp ? 'stdout' : 'stderr'].write(
    isHelp ? USAGE : `nodeplane: "${name}" is not a command\n\n${USAGE}`,
  );
  return isHelp ? 0 : 2;
}

function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const usage = isUsageError(error);
  process.stderr.write(
    `nodeplane: ${usage ? error.message : error instanceof Error ? error.stack : error}\n`,
  );
  process.exitCode = usage ? 2 : 1;
}
