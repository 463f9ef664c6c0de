/** A manifest source over a directory of its own, and what it has said so far. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { identityKey, identityOf } from '../../src/api/identity.ts';
import type { ApiObject, ObjectEvent } from '../../src/api/objects.ts';
import { ManifestSource } from '../../src/manifests/manifest-source.ts';
import { describeProblem } from '../../src/manifests/problem.ts';

export class Watched {
  readonly directory: string;
  readonly batches: (readonly ObjectEvent[])[] = [];
  readonly problems: string[] = [];
  readonly healthy: string[] = [];
  readonly objects = new Map<string, ApiObject>();
  readonly source: ManifestSource;
  #waiting: (() => void)[] = [];

  constructor(directory: string) {
    this.directory = directory;
    this.source = new ManifestSource({
      directory,
      onEvents: (events) => this.#told(() => this.#take(events)),
      onProblem: (problem) => this.#told(() => this.problems.push(describeProblem(problem))),
      onHealthy: (file) => this.#told(() => this.healthy.push(file)),
    });
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  port(name: string): number | undefined {
    const object = this.objects.get(`Service/shop/${name}`);
    return object?.kind === 'Service' ? object.ports[0]?.port : undefined;
  }

  /** Resolves as soon as the condition holds; looked at whenever the source says something. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #told(note: () => void): void {
    note();
    for (const resume of this.#waiting.splice(0)) resume();
  }

  #take(events: readonly ObjectEvent[]): void {
    this.batches.push(events);
    for (const event of events) {
      if (event.type === 'put') this.objects.set(identityKey(identityOf(event.object)), event.object);
      else this.objects.delete(identityKey(event));
    }
  }
}

/** A directory two levels down, so that its parent is the test's own as well. */
export async function temporaryDirectory(t: ExecutionContext): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'nodeplane-manifests-'));
  t.teardown(() => rm(parent, { recursive: true, force: true }));
  const directory = join(parent, 'manifests');
  await mkdir(directory);
  return directory;
}

/** A started source over a new directory that `prepare` has filled. */
export async function watched(
  t: ExecutionContext,
  prepare: (path: (name: string) => string) => Promise<void> = async () => {},
): Promise<Watched> {
  const watch = new Watched(await temporaryDirectory(t));
  await prepare((name) => watch.path(name));
  t.teardown(() => watch.source.close());
  await watch.source.start();
  return watch;
}
