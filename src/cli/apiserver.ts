import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type ApiServerOptions, startApiServer } from '../apiserver/server.ts';
import { UsageError } from './run-options.ts';

/** `nodeplane apiserver [--listen 127.0.0.1:8001] [--state FILE] [--kubeconfig-out FILE]`: runs until SIGINT or SIGTERM. */
export async function apiserver(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      listen: { type: 'string', default: '127.0.0.1:8001' },
      state: { type: 'string' },
      'kubeconfig-out': { type: 'string' },
    },
  });
  const state: ApiServerOptions = values.state === undefined ? {} : { stateFile: values.state };
  const server = await startApiServer({ ...parseListen(values.listen), ...state });
  const kubeconfig = values['kubeconfig-out'];
  if (kubeconfig !== undefined) writeFileSync(kubeconfig, server.kubeconfig(), { mode: 0o600 });
  process.stdout.write(`embedded API server on ${server.url}\n`);
  await signal();
  await server.close();
  return 0;
}

/** `127.0.0.1:8001`, `[::1]:8001` */
function parseListen(text: string): { address: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  if (address === undefined || Number(port) > 65535) {
    throw new UsageError(`--listen: "${text}" is not an address and a port such as 127.0.0.1:8001`);
  }
  return { address, port: Number(port) };
}

function signal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
}
