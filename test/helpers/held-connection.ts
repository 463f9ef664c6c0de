import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { ExecutionContext } from 'ava';
import { IP } from '../../src/lab/command.ts';
import type { Host } from '../../src/lab/network.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../kernel/programs/hold.ts');

/** A TCP connection that stands and over which nothing was said yet. */
export interface HeldConnection {
  /** Says something; gives the name of the server that answers. */
  ask(): Promise<string>;
}

/** Connects from a host and keeps the connection until it is asked, or until the test ends. */
export async function hold(
  t: ExecutionContext,
  { namespace }: Host,
  address: string,
  port: number,
): Promise<HeldConnection> {
  const child = spawn(IP, ['netns', 'exec', namespace, process.execPath, PROGRAM, address, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill());
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the connection to ${address} port ${port} ended`);
    return value;
  };
  await next();
  return {
    ask: async () => {
      child.stdin.write('\n');
      const name = await next();
      if (child.exitCode === null) await once(child, 'exit');
      return name;
    },
  };
}
