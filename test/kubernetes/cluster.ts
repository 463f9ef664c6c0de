/** A source that follows an embedded API server. */
import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../src/apiserver/server.ts';
import type { KubernetesSourceOptions } from '../../src/kubernetes/kubernetes-source.ts';
import { type Followed, follow } from './followed.ts';

export interface Cluster extends Followed {
  readonly server: ApiServer;
}

/** Starts both, with the Service `web-0`; the first list is complete when this resolves. */
export async function startCluster(
  t: ExecutionContext,
  serverOptions: ApiServerOptions = {},
  sourceOptions: Partial<KubernetesSourceOptions> = {},
  prepare: (server: ApiServer) => void = () => {},
): Promise<Cluster> {
  const server = await startApiServer(serverOptions);
  t.teardown(() => server.close());
  addService(server, 'web-0');
  prepare(server);
  const followed = follow(t, { kubeconfig: temporaryFile(t, server.kubeconfig()), ...sourceOptions });
  await followed.source.start();
  // A watch that has lived for a while is opened again at once.
  await delay(150);
  return { ...followed, server };
}

/** A file that is there until the test ends. */
export function temporaryFile(t: ExecutionContext, content: string): string {
  const file = path.join(tmpdir(), `nodeplane-test-${randomUUID()}`);
  writeFileSync(file, content);
  t.teardown(() => rmSync(file, { force: true }));
  return file;
}

export function addService(server: ApiServer, name: string): void {
  server.store.create('services', {
    metadata: { name, namespace: 'default' },
    spec: { ports: [{ name: 'http', port: 80 }] },
  });
}

export function removeService(server: ApiServer, name: string): void {
  server.store.delete('services', { name, namespace: 'default' });
}

/** Services of the default namespace but `kubernetes`. */
export function services({ names }: Followed): string[] {
  return names('Service')
    .map((name) => name.replace('default/', ''))
    .filter((name) => name !== 'kubernetes');
}

/** Events since a batch, as `put web-1`. */
export function eventsSince({ batches }: Followed, batch: number): string[] {
  return batches
    .slice(batch)
    .flat()
    .map((event) => `${event.type} ${event.type === 'put' ? event.object.name : event.name}`);
}

/**
 * While `fault` is at work, one Service comes and one goes. The source must come to know of both, and tell nothing but
 * these two.
 */
export async function survives(cluster: Cluster, fault: () => unknown): Promise<void> {
  const { server, batches, until } = cluster;
  addService(server, 'goes');
  await until(() => services(cluster).includes('goes'), 'the Service before the fault');
  const before = batches.length;
  await fault();
  addService(server, 'comes');
  removeService(server, 'goes');
  const told = () => eventsSince(cluster, before).toSorted().join();
  await until(() => told() === 'delete goes,put comes', `just the differences, not ${told()}`);
}
