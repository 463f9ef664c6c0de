import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Family } from '../../src/net/address.ts';

/** Answers SCTP associations on raw sockets: see native/testing/sctp-peer.c. */
const PEER = path.resolve(import.meta.dirname, '../../build/native/Release/sctp-peer');

const run = promisify(execFile);

/** Starts answering on every address and port of a namespace. Returns what ends it. */
export async function listenSctp(namespace: string, family: Family, name: string): Promise<() => void> {
  const child = spawn('ip', ['netns', 'exec', namespace, PEER, 'listen', digit(family), name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([once(child.stdout, 'data'), rejectOnExit(child)]);
  return () => child.kill();
}

/** Opens associations from as many source ports; what came back for each: `NAME CLIENT` or `error ERRNO`. */
export async function probeSctp(
  namespace: string,
  family: Family,
  address: string,
  port: number,
  count: number,
): Promise<string[]> {
  const args = [
    'netns',
    'exec',
    namespace,
    PEER,
    'probe',
    digit(family),
    address,
    String(port),
    String(count),
  ];
  const { stdout } = await run('ip', args);
  return stdout.trim().split('\n');
}

function digit(family: Family): string {
  return family === 'IPv6' ? '6' : '4';
}

async function rejectOnExit(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`sctp-peer ended with ${code} before it was ready`);
}
