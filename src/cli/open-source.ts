import type { Logger } from 'pino';
import type { ObjectEvent } from '../api/objects.ts';
import type { RunOptions } from './run-options.ts';

/** What every source can do; see src/manifests and src/kubernetes. */
export interface Source {
  /** Resolves when the first, complete batch was given out. */
  start(): Promise<void>;
  close(): void;
}

type OnEvents = (events: readonly ObjectEvent[]) => void;

/** Makes the source that the flags name; its problems go to the log. The modules of the other are not loaded. */
export async function openSource(
  { source, config }: Pick<RunOptions, 'source' | 'config'>,
  log: Logger,
  onEvents: OnEvents,
): Promise<Source> {
  if (source.kind === 'manifests') return openManifests(source.directory, log, onEvents);
  const { kind: _, ...connection } = source;
  const { KubernetesSource } = await import('../kubernetes/kubernetes-source.ts');
  const { describeProblem } = await import('../kubernetes/problem.ts');
  return new KubernetesSource({
    ...connection,
    nodeName: config.hostname,
    onEvents,
    onProblem: (problem) => log.error({ ...problem }, describeProblem(problem)),
    onHealthy: (kind) => log.info({ kind }, 'healthy again'),
  });
}

async function openManifests(directory: string, log: Logger, onEvents: OnEvents): Promise<Source> {
  const { ManifestSource } = await import('../manifests/manifest-source.ts');
  const { describeProblem } = await import('../manifests/problem.ts');
  return new ManifestSource({
    directory,
    onEvents,
    onProblem: (problem) => log.error({ ...problem }, describeProblem(problem)),
    onHealthy: (file) => log.info({ file }, 'healthy again'),
  });
}
