import { UsageError } from './cli/run-options.ts';
import { USAGE } from './cli/usage.ts';

type Command = (args: readonly string[]) => Promise<number>;

// Loaded on demand: a command starts without the modules of the others.
const COMMANDS: Record<string, () => Promise<Command>> = {
  run: async () => (await import('./cli/run.ts')).run,
  cleanup: async () => (await import('./cli/cleanup.ts')).cleanup,
  probe: async () => (await import('./cli/probe.ts')).probe,
  lab: async () => (await import('./cli/lab.ts')).lab,
  apiserver: async () => (await import('./cli/apiserver.ts')).apiserver,
  conformance: async () => (await import('./cli/conformance.ts')).conformance,
  bench: async () => (await import('./cli/bench/bench.ts')).bench,
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

function isUsageError(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

/** One line for what the user can mend; the stack only for what must be a bug. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isBug = [TypeError, RangeError, ReferenceError].some((kind) => error.constructor === kind);
  if (isBug && !isUsageError(error)) return error.stack ?? error.message;
  const isForbidden = 'code' in error && error.code === 'EPERM';
  return isForbidden ? `${error.message}: it takes root, or CAP_NET_ADMIN` : error.message;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`nodeplane: ${describe(error)}\n`);
  process.exitCode = isUsageError(error) ? 2 : 1;
}
