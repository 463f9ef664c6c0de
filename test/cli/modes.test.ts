/** `nodeplane run` in one mode after the other, as people run it: processes of their own. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { IP, run } from '../../src/lab/command.ts';
import { privateNamespace } from '../helpers/netns.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/main.ts');
const PATIENCE_MS = 60_000;

const MANIFESTS = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  clusterIP: 10.96.0.1
  clusterIPs: [10.96.0.1]
  ipFamilies: [IPv4]
  ports: [{ name: http, port: 80, protocol: TCP }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web-1, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
endpoints: [{ addresses: [10.244.0.1] }]
ports: [{ name: http, port: 8080, protocol: TCP }]
`;

/** A network namespace, and mounts of its own: what is pinned to /sys/fs/bpf there is not pinned to the host's. */
class Place {
  readonly namespace: string;
  readonly #manifests: string;
  readonly #holder: ChildProcess;

  static async make(t: ExecutionContext): Promise<Place> {
    const namespace = await privateNamespace(t);
    const manifests = await mkdtemp(path.join(tmpdir(), 'np-test-modes-'));
    t.teardown(() => rm(manifests, { recursive: true }));
    await writeFile(path.join(manifests, 'web.yaml'), MANIFESTS);
    const mounts = 'mount -t bpf bpf /sys/fs/bpf && echo mounted && exec cat';
    const holder = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', mounts]);
    t.teardown(() => holder.stdin.end());
    await once(holder.stdout, 'data');
    return new Place(namespace, manifests, holder);
  }

  private constructor(namespace: string, manifests: string, holder: ChildProcess) {
    this.namespace = namespace;
    this.#manifests = manifests;
    this.#holder = holder;
  }

  /** Runs a mode until it has said something, and ends it. Gives all messages. */
  async runMode(mode: string, until: string): Promise<string[]> {
    const flags = ['--proxy-mode', mode, '--manifests', this.#manifests, '-v', '2'];
    const child = this.#spawn([
      process.execPath,
      MAIN,
      'run',
      ...flags,
      '--network-namespace',
      this.namespace,
    ]);
    const messages = await messagesUntil(child, until);
    child.kill('SIGTERM');
    await once(child, 'close');
    return messages;
  }

  /** Lines that a program prints. */
  async print(...command: readonly string[]): Promise<string[]> {
    const child = this.#spawn(command);
    const printed = await text(child.stdout);
    return printed.split('\n').filter(Boolean);
  }

  #spawn(command: readonly string[]): ChildProcessWithoutNullStreams {
    const child = spawn('nsenter', ['--target', String(this.#holder.pid), '--mount', '--', ...command]);
    child.stderr.pipe(process.stderr);
    return child;
  }
}

async function messagesUntil(child: ChildProcessWithoutNullStreams, last: string): Promise<string[]> {
  const messages: string[] = [];
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  for await (const line of createInterface(child.stdout)) {
    const { msg }: { msg: string } = JSON.parse(line);
    messages.push(msg);
    if (msg === last) break;
  }
  clearTimeout(timer);
  return messages;
}

test('CLEAN-01 START-05 a mode stays in force until the next is in place, and is then removed', async (t) => {
  t.timeout(4 * PATIENCE_MS);
  const place = await Place.make(t);
  const tables = () => run(IP, ['netns', 'exec', place.namespace, '/usr/sbin/nft', 'list', 'tables']);
  const pins = () => place.print('find', '/sys/fs/bpf', '-name', 'frontends');

  t.false((await place.runMode('nftables', 'ready')).includes('mode ebpf is not complete'));
  t.regex(await tables(), /nodeplane/);
  t.deepEqual(await pins(), []);

  const messages = await place.runMode('ebpf', 'nothing of another mode is left');
  t.true(messages.includes('mode ebpf is not complete'));
  t.true(messages.indexOf('ready') < messages.indexOf('nothing of another mode is left'));
  t.notRegex(await tables(), /table ip nodeplane/);
  t.is((await pins()).length, 2);

  await place.print(process.execPath, MAIN, 'cleanup', '--network-namespace', place.namespace);
  t.is(await tables(), '');
  t.deepEqual(await place.print('find', '/sys/fs/bpf', '-name', 'nodeplane*'), []);
});
